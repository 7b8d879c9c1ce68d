/** The one server that these pages talk to, and what goes on there. It outlives the room that shows it. */

import { Client } from '../api/client';
import { Crowd } from './crowd';
import { Journey } from './journey';
import { Sale } from './sale';
import { settings } from './settings';

export const client = new Client('./', () => settings.value.locale);
export const journey = new Journey(client);
export const crowd = new Crowd(client);
export const sale = new Sale(client);
