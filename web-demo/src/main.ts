/** Where the pages begin. */

import './app';
import { keepForOffline } from './offline/register';
import { applySettings } from './stores/settings';

applySettings(document.documentElement);
keepForOffline();
