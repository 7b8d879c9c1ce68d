/** The one server that these pages talk to, and what goes on there. It outlives the room that shows it. */

import { Client } from '../api/client';
import { wallClock } from './clock';
import { Crowd } from './crowd';
import { Journey } from './journey';
import { KEPT_IN_TAB } from './keepsake';
import { Sale } from './sale';
import { settings } from './settings';

export const client = new Client('./', () => settings.value.locale);
export const journey = new Journey(client, wallClock, KEPT_IN_TAB);
export const crowd = new Crowd(client);
export const sale = new Sale(client);
