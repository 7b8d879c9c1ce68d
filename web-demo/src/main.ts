/** Where the pages begin. */

import './app';
import { applySettings } from './stores/settings';

applySettings(document.documentElement);
