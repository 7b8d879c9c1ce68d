/** The page's words in English; the other languages have the same ones. */

import { draw } from './draw.en';
import { play } from './play.en';

export const en = {
  app: { tagline: 'Sells what everybody wants at the same second.', play: 'Play', simulate: 'Simulate', live: 'Live', book: 'Book', operate: 'Operate', skip: 'Skip to content',
    language: 'Language', theme: 'Light', system: 'Auto', light: 'Light', dark: 'Dark', menu: 'Rooms',
    failed: 'This room could not be loaded. The pages may be newer than this one, or there is no network.', reload: 'Reload' },
  steps: { label: 'Your way to the seat', queue: 'Queue', seats: 'Seats', pay: 'Pay', ticket: 'Ticket' },
  state: { scheduled: 'Opens soon', open: 'On sale', paused: 'Paused', sold_out: 'Sold out', closed: 'Closed' },
  draining: 'No new places in line',
  lobby: {
    title: 'Get your seat', lead: 'A real sale on a real server: stand in line, catch a seat before the others do, and pay in time.',
    join: 'Join the queue', joining: 'Joining…', empty: 'There is no concert yet. An operator can announce one.', loading: 'Looking for concerts…',
    pace: (batch: string, every: string) => `${batch} people are let in every ${every}`,
    cap: (most: string) => `at most ${most} at a time`, opens: (at: string) => `Sale opens ${at}`,
    hold: (time: string, seats: string) => `Seats are held for ${time}, up to ${seats} a person`,
    crowd: 'Bring a crowd', crowdHint: (count: string) => `${count} others join around you and grab seats of their own.`,
  },
  queue: {
    title: 'You are in line', position: 'Your place', ahead: (count: string) => `${count} ahead of you`, next: 'You are next',
    waiting: 'Waiting in all', eta: 'Expected wait', quoted: 'First quoted', waited: 'Waited so far', unknown: 'Cannot be told',
    admission: 'Next admission', atOnce: 'Any moment', leave: 'Leave the queue', trail: 'Your place since you joined',
    stay: 'Keep this page open. You are let in by itself when it is your turn.',
    say: (position: string, eta: string) => `Your place is ${position}. ${eta}`, sayEta: (eta: string) => `About ${eta} to go.`,
    paused: 'The operator has paused admission. You keep your place.', dot: (people: string) => `Each dot is ${people} people`,
  },
  seats: {
    title: 'Choose your seats', stage: 'Stage', left: (count: string) => `${count} seats left`, map: 'Map', list: 'List',
    view: 'View', available: 'Free', held: 'Held', sold: 'Sold', mine: 'Chosen', zoomIn: 'Zoom in', zoomOut: 'Zoom out',
    describe: (section: string, row: string, seat: string) => `Section ${section}, row ${row}, seat ${seat}`,
    section: (name: string) => `Section ${name}`, row: (row: string) => `Row ${row}`, free: (count: string) => `${count} free`,
    help: 'Arrow keys move, Enter chooses, Home and End go to the ends of a row.', grid: 'Seat map',
    chosen: (count: string) => `${count} chosen`, none: 'Pick a seat on the map', hold: 'Hold these seats', best: 'Best seats',
    bestCount: (count: string) => `Best ${count}`, count: 'How many', until: 'You can choose for', limit: (count: string) => `At most ${count} seats a person.`,
    clear: 'Clear', dates: 'Performance', taken: (count: string) => `${count} seats went since you got in`, legend: 'What the colours mean',
    lost: (labels: string) => `Somebody else took ${labels}.`,
  },
  hold: {
    title: 'Pay before the time runs out', left: 'Held for you', sum: 'To pay', pay: (amount: string) => `Pay ${amount}`, release: 'Choose others',
    say: (time: string) => `${time} left to pay.`, seats: 'Your seats',
  },
  wallet: {
    title: 'Wallet', balance: 'Balance', empty: 'Not charged yet', amount: 'Amount to charge', charge: 'Charge', missing: (amount: string) => `${amount} short`,
    enough: 'Enough for these seats', add: (amount: string) => `Add ${amount}`, exactly: (amount: string) => `What is missing: ${amount}`,
  },
  ticket: {
    title: 'These seats are yours', admit: 'Admit', seats: 'Seats', paid: 'Paid', when: 'When', where: 'Where', number: 'Ticket no.',
    statistics: 'How you did', waited: 'Waited', quoted: 'Quoted at first', joinedAt: 'Joined at place', passed: 'Places moved up', gone: 'Seats others took meanwhile',
    misses: 'Seats lost to others', chose: 'From entrance to hold', total: 'From joining to ticket', again: 'Once more', wait: (quoted: string) => `quoted ${quoted}`,
  },
  ended: {
    expired: 'Your turn is over', left: 'You left the queue', again: 'Join again', expiredLead: 'The time to choose ran out. The line is still open.',
    leftLead: 'Your place went to the next one.', consumed: 'This place in line has been used',
  },
  operator: {
    title: 'Operator', lead: 'Watch a sale as it happens, and steer it.', token: 'Admin token', tokenHint: 'The server prints it on its terminal when it starts.',
    open: 'Open the console', lock: 'Lock', concert: 'Concert', waiting: 'In line', active: 'Inside', ofMost: (most: string) => `of at most ${most}`,
    sold: 'Sold', held: 'Held', available: 'Free', revenue: 'Revenue', seats: 'Seats', rate: (count: string) => `${count} a minute`, pause: 'Pause admission', resume: 'Resume admission',
    policy: 'Admission', interval: 'Every N seconds', batch: 'K people at once', most: 'At most inside', unlimited: 'no limit', apply: 'Apply',
    applied: 'Applied. It holds from the next admission on.', paused: 'Admission is paused.', resumed: 'Admission goes on.',
    drain: 'Drain the queue', refill: 'Reopen the queue', draining: 'Nobody new can join. Those in line are served.', refilling: 'People can join again.',
    notice: 'A word to the people in line', noticeLead: 'They see it with their next poll, in their own language.', noticeKo: 'In Korean', noticeEn: 'In English',
    announce: 'Tell them', silence: 'Take it away', announced: 'The people in line are told.', silenced: 'The notice is gone.', drawn: 'The draw was held. People are let in by their numbers.',
    audit: 'Audit', runAudit: 'Run the audit', auditOk: 'Every invariant holds', auditBad: 'An invariant is broken', checked: (count: string) => `${count} checked`,
    events: (count: string) => `${count} events replayed`, curve: 'In line and inside, the last minutes', live: 'Live', range: (low: string, high: string) => `From ${low} to ${high}`,
    admits: (people: string) => `Lets in up to ${people} people a minute`,
    invariant: {
      seat_has_one_owner: 'Each seat has one owner', free_held_sold_sum_to_total: 'Free, held and sold add up', active_at_most_cap: 'Never more inside than allowed',
      admitted_per_tick_at_most_batch: 'Never more than K at once', no_overtaking: 'Nobody overtakes', money_sums_to_zero: 'Money sums to zero',
      wallet_never_negative: 'No wallet below zero', sold_seat_has_one_payment: 'Each sold seat has one payment', payment_consumed_one_ticket: 'Each payment used one place in line',
      journal_replays_to_rows: 'The journal replays to the rows',
    } as Record<string, string>,
  },
  play,
  draw,
  crowd: {
    title: 'A crowd', lead: 'Visitors that this page makes up. They join, hold and pay on the real server like anybody.', send: (count: string) => `Send ${count}`, stop: 'Send them home',
    count: (waiting: string, inside: string, bought: string) => `${waiting} in line, ${inside} inside, ${bought} bought`,
  },
  problem: {
    engine_stopped: 'The simulation stopped. Start again.', offline: 'The server cannot be reached. We keep trying.', unreadable_answer: 'The server gave an answer that this page does not understand.',
    seat_taken: 'That seat is already taken.', no_schedules_available: 'There are no schedules to book.', no_seats_available: 'There are no seats left to book.',
    balance_not_found: 'There is no balance for this user.', charge_failed: 'The charge failed. Please try again.', insufficient_balance: 'The balance is too low.',
    hold_expired: 'The hold on this seat has expired.', already_queued: 'You are already in the queue.', sold_out: 'Everything is sold.', queue_closed: 'The queue is closed.',
    queue_not_open: 'The queue is not open yet.', draw_not_open: 'This draw cannot be held now.', already_drawn: 'The draw was held already, with another value.',
    queue_token_expired: 'Your turn is over.', seat_limit_exceeded: 'That is more seats than one person may have.', hold_exists: 'You already hold seats.',
    unauthenticated: 'This token is not valid.', forbidden: 'This token does not allow that.', amount_invalid: 'That amount cannot be charged.',
    rate_limited: 'That was too fast. Try again in a moment.', malformed_request: 'Some of this is out of bounds.', not_found: 'This server does not offer that.',
  } as Record<string, string>,
  close: 'Close',
};

export type Texts = typeof en;
