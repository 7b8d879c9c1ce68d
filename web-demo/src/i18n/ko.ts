/** The page's words in Korean. */

import type { Texts } from './en';
import { draw } from './draw.ko';
import { play } from './play.ko';

export const ko: Texts = {
  app: { tagline: '모두가 원하는 그 1초를 위한 예매.', play: '연습', simulate: '시뮬레이션', live: '실전', book: '예매', operate: '운영', skip: '본문으로 건너뛰기',
    language: '언어', theme: '화면 밝기', system: '자동', light: '밝게', dark: '어둡게', menu: '메뉴',
    failed: '화면을 불러오지 못했습니다. 새 버전이 나왔거나 네트워크가 끊겼을 수 있습니다.', reload: '새로고침' },
  steps: { label: '예매 단계', queue: '대기열', seats: '좌석', pay: '결제', ticket: '티켓' },
  state: { scheduled: '오픈 예정', open: '예매 중', paused: '일시 정지', sold_out: '매진', closed: '종료' },
  draining: '신규 대기 마감',
  lobby: {
    title: '내 자리를 잡으세요', lead: '실제 서버에서 열리는 실제 예매입니다. 줄을 서고, 남보다 먼저 좌석을 고르고, 시간 안에 결제하세요.',
    join: '대기열 입장', joining: '입장하는 중…', empty: '아직 공연이 없습니다. 운영자가 공연을 열 수 있습니다.', loading: '공연을 찾는 중…',
    pace: (batch, every) => `${every}마다 ${batch}명씩 입장`,
    cap: (most) => `동시 최대 ${most}명`, opens: (at) => `${at} 예매 시작`,
    hold: (time, seats) => `좌석은 ${time} 동안 임시 배정, 1인 최대 ${seats}석`,
    crowd: '다른 관객도 함께', crowdHint: (count) => `${count}명이 앞뒤로 줄을 서고 각자 좌석을 고릅니다.`,
  },
  queue: {
    title: '대기 중입니다', position: '내 순번', ahead: (count) => `내 앞에 ${count}명`, next: '다음 차례입니다',
    waiting: '전체 대기 인원', eta: '예상 대기 시간', quoted: '처음 안내', waited: '지금까지 대기', unknown: '아직 알 수 없음',
    admission: '다음 입장까지', atOnce: '곧', leave: '대기열 나가기', trail: '입장 후 순번 변화',
    stay: '이 화면을 켜 두세요. 차례가 되면 자동으로 입장합니다.',
    say: (position, eta) => `현재 순번은 ${position}번입니다. ${eta}`, sayEta: (eta) => `약 ${eta} 남았습니다.`,
    paused: '운영자가 입장을 잠시 멈췄습니다. 순번은 그대로 유지됩니다.', dot: (people) => `점 하나가 ${people}명`,
  },
  seats: {
    title: '좌석을 선택하세요', stage: '무대', left: (count) => `잔여 ${count}석`, map: '배치도', list: '목록',
    view: '보기', available: '선택 가능', held: '임시 배정', sold: '판매 완료', mine: '내 선택', zoomIn: '확대', zoomOut: '축소',
    describe: (section, row, seat) => `${section}구역 ${row}열 ${seat}번`,
    section: (name) => `${name}구역`, row: (row) => `${row}열`, free: (count) => `${count}석 가능`,
    help: '방향키로 이동, Enter로 선택, Home과 End로 열의 양 끝으로 이동합니다.', grid: '좌석 배치도',
    chosen: (count) => `${count}석 선택`, none: '배치도에서 좌석을 고르세요', hold: '좌석 잡기', best: '추천 좌석',
    bestCount: (count) => `추천 ${count}석`, count: '매수', until: '선택 가능 시간', limit: (count) => `1인 최대 ${count}석까지 가능합니다.`,
    clear: '선택 해제', dates: '회차', taken: (count) => `입장 후 ${count}석이 나갔습니다`, legend: '색상 안내',
    lost: (labels) => `다른 관객이 ${labels} 좌석을 먼저 잡았습니다.`,
  },
  hold: {
    title: '시간 안에 결제하세요', left: '임시 배정 남은 시간', sum: '결제 금액', pay: (amount) => `${amount} 결제`, release: '다시 선택',
    say: (time) => `결제 시간이 ${time} 남았습니다.`, seats: '선택한 좌석',
  },
  wallet: {
    title: '지갑', balance: '잔액', empty: '아직 충전하지 않음', amount: '충전 금액', charge: '충전', missing: (amount) => `${amount} 부족`,
    enough: '결제할 수 있는 잔액입니다', add: (amount) => `${amount} 추가`, exactly: (amount) => `부족한 금액 ${amount}`,
  },
  ticket: {
    title: '예매가 완료되었습니다', admit: '입장', seats: '좌석', paid: '결제 금액', when: '일시', where: '장소', number: '티켓 번호',
    statistics: '나의 예매 기록', waited: '대기 시간', quoted: '처음 안내', joinedAt: '처음 순번', passed: '줄어든 순번', gone: '그동안 나간 좌석',
    misses: '놓친 좌석', chose: '입장부터 좌석 확보까지', total: '전체 소요 시간', again: '다시 도전', wait: (quoted) => `안내 ${quoted}`,
  },
  ended: {
    expired: '입장 시간이 끝났습니다', left: '대기열에서 나왔습니다', again: '다시 줄 서기', expiredLead: '선택 시간이 지났습니다. 대기열은 아직 열려 있습니다.',
    leftLead: '순번은 다음 분께 넘어갔습니다.', consumed: '이미 사용한 순번입니다',
  },
  operator: {
    title: '운영 콘솔', lead: '진행 중인 예매를 지켜보고 조절합니다.', token: '관리자 토큰', tokenHint: '서버가 시작할 때 터미널에 출력됩니다.',
    open: '콘솔 열기', lock: '잠그기', concert: '공연', waiting: '대기 중', active: '입장 중', ofMost: (most) => `최대 ${most}명`,
    sold: '판매', held: '임시 배정', available: '잔여', revenue: '매출', seats: '좌석', rate: (count) => `분당 ${count}석`, pause: '입장 일시 정지', resume: '입장 재개',
    policy: '입장 정책', interval: '간격 N (초)', batch: '한 번에 K명', most: '동시 최대 인원', unlimited: '제한 없음', apply: '적용',
    applied: '적용했습니다. 다음 입장부터 반영됩니다.', paused: '입장을 멈췄습니다.', resumed: '입장을 재개했습니다.',
    drain: '신규 대기 마감', refill: '신규 대기 재개', draining: '새로 줄을 설 수 없습니다. 이미 줄을 선 사람은 그대로 진행됩니다.', refilling: '다시 줄을 설 수 있습니다.',
    notice: '대기자 공지', noticeLead: '대기 화면이 다음에 새로 고쳐질 때 각자의 언어로 보입니다.', noticeKo: '한국어', noticeEn: '영어',
    announce: '공지하기', silence: '공지 내리기', announced: '대기자에게 공지했습니다.', silenced: '공지를 내렸습니다.', drawn: '추첨했습니다. 추첨 번호 순서로 입장합니다.',
    audit: '감사', runAudit: '감사 실행', auditOk: '모든 불변식이 성립합니다', auditBad: '깨진 불변식이 있습니다', checked: (count) => `${count}건 확인`,
    events: (count) => `이벤트 ${count}건 재생`, curve: '최근 대기 및 입장 인원', live: '실시간', range: (low, high) => `${low}부터 ${high}까지`,
    admits: (people) => `분당 최대 ${people}명 입장`,
    invariant: {
      seat_has_one_owner: '좌석마다 주인은 한 명', free_held_sold_sum_to_total: '잔여·임시·판매의 합이 일치', active_at_most_cap: '최대 입장 인원 준수',
      admitted_per_tick_at_most_batch: '한 번에 K명 이하 입장', no_overtaking: '새치기 없음', money_sums_to_zero: '돈의 합은 0',
      wallet_never_negative: '잔액은 음수가 아님', sold_seat_has_one_payment: '판매 좌석마다 결제 한 건', payment_consumed_one_ticket: '결제마다 순번 하나 사용',
      journal_replays_to_rows: '기록을 재생하면 현재 상태와 일치',
    },
  },
  play,
  draw,
  crowd: {
    title: '관객', lead: '이 화면이 만들어 내는 관객입니다. 실제 서버에서 똑같이 줄을 서고 결제합니다.', send: (count) => `${count}명 보내기`, stop: '돌려보내기',
    count: (waiting, inside, bought) => `대기 ${waiting} · 입장 ${inside} · 구매 ${bought}`,
  },
  problem: {
    engine_stopped: '시뮬레이션이 멈췄습니다. 다시 시작하세요.', offline: '서버에 연결할 수 없습니다. 계속 시도하고 있습니다.', unreadable_answer: '서버의 응답을 이해할 수 없습니다.',
    seat_taken: '이미 선택된 좌석입니다.', no_schedules_available: '예약 가능한 스케줄이 없습니다.', no_seats_available: '예약 가능한 좌석이 없습니다.',
    balance_not_found: '잔액 정보가 없습니다.', charge_failed: '충전 중 오류가 발생했습니다. 다시 시도해주세요.', insufficient_balance: '잔액이 부족합니다.',
    hold_expired: '임시 배정 시간이 만료되었습니다.', already_queued: '이미 대기열에 있습니다. 대기 중입니다.', sold_out: '모든 좌석이 매진되었습니다.', queue_closed: '대기열이 닫혔습니다.',
    queue_not_open: '아직 대기열이 열리지 않았습니다.', draw_not_open: '지금은 추첨할 수 없습니다.', already_drawn: '이미 다른 값으로 추첨했습니다.',
    queue_token_expired: '입장 시간이 끝났습니다.', seat_limit_exceeded: '1인 최대 매수를 넘었습니다.', hold_exists: '이미 임시 배정된 좌석이 있습니다.',
    unauthenticated: '유효하지 않은 토큰입니다.', forbidden: '이 토큰에는 권한이 없습니다.', amount_invalid: '충전할 수 없는 금액입니다.',
    rate_limited: '요청이 너무 빠릅니다. 잠시 후 다시 시도해주세요.', malformed_request: '허용 범위를 벗어난 값이 있습니다.', not_found: '이 서버에는 없는 기능입니다.',
  },
  close: '닫기',
};
