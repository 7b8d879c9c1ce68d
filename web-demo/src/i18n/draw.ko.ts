/** The words of a queue that opens before the sale, and of its draw, in Korean. */

import type { Texts } from './en';

export const draw: Texts['draw'] = {
  lobby: {
    joining: (at) => `${at} 대기열 오픈`,
    random: '예매가 시작될 때 순번을 추첨합니다. 일찍 들어와도 유리하지 않습니다', arrival: '먼저 온 순서대로 줄을 섭니다',
    notYet: (left) => `대기열은 ${left} 후에 열립니다.`,
  },
  title: '추첨에 참여했습니다', lead: '예매 시작 전에 들어온 모두에게 기회가 같습니다. 이 화면을 켜 두시면 번호가 자동으로 나옵니다.',
  arrival: '내 접수 번호', until: '추첨까지', at: '추첨 시각', soon: '곧',
  say: (arrival) => `추첨에 참여했습니다. 접수 번호는 ${arrival}번입니다.`,
  commitment: '커밋먼트', commitmentLead: '추첨은 이미 정해진 비밀 값으로 합니다. 아래는 그 값의 SHA-256이며, 추첨이 끝나면 같은 값이었는지 확인할 수 있습니다.',
  copy: '복사', copied: '복사했습니다', notCopied: '이 브라우저에서는 복사할 수 없습니다.',
  beacon: '함께 섞는 값', beaconLead: '아직 아무도 모르는 공개 값을 추첨에 섞습니다.', awaited: (beacon) => `‘${beacon}’ 값을 기다리는 중`,
  drew: (number, of) => `추첨 결과 ${of}명 중 ${number}번입니다`, drewAlone: (number) => `추첨 결과 ${number}번입니다`,
  check: '추첨 검증', checking: '검증하는 중…', right: '추첨이 올바릅니다.', wrong: '추첨이 맞지 않습니다.', unchecked: '추첨을 검증하지 못했습니다.',
  rightLead: '이 브라우저에서 번호를 다시 계산했고, 결과가 같습니다.',
  faults: {
    unpublished: '추첨에 쓰인 값을 서버가 모두 공개하지 않았습니다.',
    commitment: '추첨 전에 보여 준 커밋먼트와 다릅니다.',
    seed: '시드가 커밋먼트와 맞지 않습니다.',
    number: '다시 계산한 번호가 받은 번호와 다릅니다.',
    values: '공개된 값들이 서로 맞지 않습니다.',
    failed: '이 브라우저에서 계산하지 못했습니다.',
  },
  facts: { seed: '시드', commitment: '커밋먼트', beacon_value: '함께 섞은 값', arrivals: '추첨 참여 인원', arrival_number: '내 접수 번호', ticket_number: '내 추첨 번호' },
  nothingMixed: '없음',
  form: {
    title: '추첨', before: (beacon, at) => `‘${beacon}’ 값을 섞습니다. 예매가 시작되는 ${at}부터 값을 넣을 수 있습니다.`,
    lead: (beacon) => `‘${beacon}’ 값을 넣기 전에는 아무도 입장하지 못합니다. 넣은 뒤에는 바꿀 수 없습니다.`,
    value: (beacon) => `‘${beacon}’ 값`, hold: '추첨하기', held: '추첨이 끝났습니다.',
  },
};
