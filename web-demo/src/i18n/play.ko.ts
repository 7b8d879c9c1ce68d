/** The words of the room Play in Korean. */

import type { play as en } from './play.en';

export const play: typeof en = {
  title: '내 자리, 잡을 수 있을까?',
  lead: '지치지 않는 관객들과 겨루는 티켓팅 연습입니다. 오픈 순간을 노려 줄을 서고, 좌석을 잡고, 시간 안에 결제하세요.',
  offline: '모든 것이 이 화면 안에서 실행됩니다. 가입도 서버도 필요 없습니다.',
  levels: { theatre: '소극장', arena: '아레나 투어', bots: '매크로 주의보', stadium: '스타디움 오픈' },
  leads: {
    theatre: '몸풀기입니다. 수백 석, 느긋한 관객들.',
    arena: '모두가 기다린 투어. 대부분 몇 초 안에 몰려옵니다.',
    bots: '다섯 중 하나는 매크로. 닥치는 대로 잡고 결제는 거의 하지 않습니다.',
    stadium: '만 석이 몇 분 만에 사라집니다. 0.5초가 승부를 가릅니다.',
  },
  titles: { theatre: '현악의 밤', arena: 'NOVA 첫 빛 투어', bots: 'NOVA 추가 공연', stadium: 'AURORA 스타디움 라이브' },
  venues: { theatre: '등불극장', arena: '한강 아레나', bots: '한강 아레나', stadium: '올림픽 주경기장' },
  difficulty: (level) => `난이도 ${level}/4`,
  people: '관객', seats: '좌석', odds: '경쟁률', ratio: (people) => `${people} : 1`, start: '도전', best: (time) => `최고 기록 ${time}`, none: '아직 기록 없음',
  challenge: '도전장이 왔습니다', challengeLead: (level, seed) => `${level}, ${seed}번 관객. 누가 도전하든 같은 사람들이 같은 순간에 옵니다.`, accept: '도전 받기',
  doors: { title: '곧 예매가 열립니다', opens: '오픈까지', now: '오픈!', join: '대기열 입장', wait: '아직 기다리세요…', hint: '빨리 누를수록 덜 기다립니다. Enter 키로도 됩니다.', people: (count) => `${count}명이 오픈을 기다립니다`, loading: '관객이 모이는 중…', said: '예매가 열렸습니다. 지금 입장하세요.' },
  crowd: { label: '관객 현황', came: '접속', waiting: '대기', active: '입장', held: '임시 배정', sold: '판매', since: '오픈 후', soldShare: (share) => `${share} 판매` },
  speed: { label: '속도', pause: '일시 정지', times: (speed) => `${speed}배속` },
  again: { same: '같은 관객과 다시', fresh: '새로운 관객', levels: '다른 난이도', share: '친구에게 도전장', copied: '링크를 복사했습니다.', link: '이 링크를 복사하세요' },
  over: {
    ticket: '예매 성공!', sold_out: '매진되었습니다', timed_out: '시간이 끝났습니다', left: '대기열에서 나왔습니다',
    leads: { ticket: '', sold_out: '모든 좌석이 다른 관객에게 돌아갔습니다. 대부분 그렇습니다.', timed_out: '고르고 결제할 시간이 먼저 끝났습니다.', left: '순번은 다음 분께 넘어갔습니다.' },
    faster: (share) => `관객의 ${share}보다 빨랐습니다`, record: '최고 기록', before: (time) => `이전 최고 ${time}`,
    total: '오픈부터 티켓까지', lasted: '오픈부터 끝까지', reaction: '반응 속도', place: '대기 순번', waited: '대기 시간', quoted: '처음 안내', chose: '입장부터 좌석 확보까지', paid: '좌석 확보부터 결제까지', gone: '그동안 나간 좌석', misses: '놓친 좌석',
    seconds: (count) => `${count}초`,
  },
  failed: '시뮬레이션이 멈췄습니다. 브라우저가 너무 오래되었거나 화면을 끝까지 불러오지 못했습니다.', retry: '다시 시도',
};
