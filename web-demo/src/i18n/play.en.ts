/** The words of the room Play in English. */

export const play = {
  title: 'Can you get a seat?',
  lead: 'Practise an on-sale against a crowd that never sleeps. Be there when it opens, wait your turn, catch a seat and pay before the time is up.',
  offline: 'Everything runs in this page. No account, no server.',
  levels: { theatre: 'Small theatre', arena: 'Arena tour', bots: 'Bots are about', stadium: 'Stadium on-sale' },
  leads: {
    theatre: 'A gentle start: a few hundred seats, and people who take their time.',
    arena: 'The tour everybody waited for. Most are here within seconds.',
    bots: 'One in five is a bot: it grabs what it can and seldom pays.',
    stadium: 'Ten thousand seats are gone in minutes. Half a second decides.',
  },
  titles: { theatre: 'An Evening of Strings', arena: 'NOVA: First Light Tour', bots: 'NOVA: The Extra Night', stadium: 'AURORA at the Stadium' },
  venues: { theatre: 'Lantern Theatre', arena: 'Han River Arena', bots: 'Han River Arena', stadium: 'Olympic Stadium' },
  difficulty: (level: string) => `Difficulty ${level} of 4`,
  people: 'People', seats: 'Seats', odds: 'Odds', ratio: (people: string) => `${people} : 1`, start: 'Play', best: (time: string) => `Your best: ${time}`, none: 'No ticket yet',
  challenge: 'You were challenged', challengeLead: (level: string, seed: string) => `${level}, crowd no. ${seed}. The same people come at the same moment, whoever plays.`, accept: 'Take it on',
  doors: { title: 'The sale is about to open', opens: 'Opens in', now: 'It is open!', join: 'Join the queue', wait: 'Wait for it…', hint: 'The sooner you press, the shorter your wait. Enter works, too.', people: (count: string) => `${count} people are at the door`, loading: 'The crowd gathers…', said: 'The sale is open. Join now.' },
  crowd: { label: 'The crowd', came: 'Came', waiting: 'In line', active: 'Inside', held: 'Held', sold: 'Sold', since: 'Since opening', soldShare: (share: string) => `${share} sold` },
  speed: { label: 'Speed', pause: 'Pause', times: (speed: string) => `${speed} times` },
  again: { same: 'Same crowd again', fresh: 'A new crowd', levels: 'Other levels', share: 'Challenge a friend', copied: 'The link is copied.', link: 'Copy this link' },
  over: {
    ticket: 'You made it', sold_out: 'Sold out', timed_out: 'Your time ran out', left: 'You left the queue',
    leads: { ticket: '', sold_out: 'Every seat went to somebody else. It happens to most.', timed_out: 'The time to choose and pay was over before you were done.', left: 'Your place went to the next one.' },
    faster: (share: string) => `Faster than ${share} of the crowd`, record: 'Your best time', before: (time: string) => `Best before: ${time}`,
    total: 'From opening to ticket', lasted: 'From opening to the end', reaction: 'Your reaction', place: 'Place in line', waited: 'Waited', quoted: 'Quoted at first', chose: 'From entrance to hold', paid: 'From hold to ticket', gone: 'Seats others took meanwhile', misses: 'Seats you missed',
    seconds: (count: string) => `${count} s`,
  },
  failed: 'The simulation stopped. This browser may be too old, or the page could not be loaded whole.', retry: 'Try again',
};
