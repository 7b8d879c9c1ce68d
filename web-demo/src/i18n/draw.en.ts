/** The words of a queue that opens before the sale, and of its draw, in English. */

export const draw = {
  lobby: {
    joining: (at: string) => `Joining opens ${at}`,
    random: 'Places are drawn when the sale opens: joining early gains nothing', arrival: 'First come, first in line',
    notYet: (left: string) => `The queue opens in ${left}.`,
  },
  title: 'You are in the draw', lead: 'Everybody who joins before the sale opens has the same chance. Keep this page open: your number comes by itself.',
  arrival: 'You joined as number', until: 'Draw in', at: 'Draw at', soon: 'Any moment',
  say: (arrival: string) => `You are in the draw. You joined as number ${arrival}.`,
  commitment: 'Commitment', commitmentLead: 'The draw comes from a secret number that is fixed already. This is its SHA-256: afterwards you can check that it was the one.',
  copy: 'Copy', copied: 'Copied', notCopied: 'This browser does not let the page copy.',
  beacon: 'Mixed in', beaconLead: 'A public value that nobody knows yet is mixed into the draw.', awaited: (beacon: string) => `Waiting for “${beacon}”`,
  drew: (number: string, of: string) => `You drew number ${number} of ${of}`, drewAlone: (number: string) => `You drew number ${number}`,
  check: 'Check the draw', checking: 'Checking…', right: 'The draw is right.', wrong: 'The draw does not hold.', unchecked: 'The draw was not checked.',
  rightLead: 'Your browser computed your number anew, and it is the same.',
  faults: {
    unpublished: 'The server has not shown everything that the draw was made of.',
    commitment: 'The commitment is not the one that you were shown before the draw.',
    seed: 'The seed is not the one that was committed to.',
    number: 'The number that comes out is not yours.',
    values: 'The values that were shown make no sense together.',
    failed: 'Your browser could not compute it.',
  },
  facts: { seed: 'Seed', commitment: 'Commitment', beacon_value: 'Value mixed in', arrivals: 'In the draw', arrival_number: 'You joined as', ticket_number: 'Your number' },
  nothingMixed: 'none',
  form: {
    title: 'The draw', before: (beacon: string, at: string) => `“${beacon}” is mixed in. Its value can be handed in once the sale is open, ${at}.`,
    lead: (beacon: string) => `Nobody is let in until the value of “${beacon}” is handed in. It cannot be changed afterwards.`,
    value: (beacon: string) => `Value of “${beacon}”`, hold: 'Hold the draw', held: 'The draw was held.',
  },
};
