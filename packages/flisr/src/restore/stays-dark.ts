import type { Bilingual } from '@relight/contract';
import type { PlannedRestoration } from '../plan-request.ts';
import { connectedTo } from './held-dead.ts';
import type { RestorationProblem } from './problem.ts';
import { leftDark } from './figures.ts';
import { reasonWords } from './reason-words.ts';
import { placesOf } from './section-values.ts';
import { switchesAt } from './tree-sections.ts';
import { cutOff, tryClose, type Reason } from './try-close.ts';

/** Sections that were live before the fault and stay dark, most customers first, and why. */
export function staysDark(
  problem: RestorationProblem,
  final: Uint8Array,
  served: Uint8Array,
): PlannedRestoration['staysDark'] {
  const { values } = problem;
  const dark = [...leftDark(problem, served)];
  dark.sort(
    (a, b) =>
      values.customers[b]! - values.customers[a]! ||
      values.active_W[b]! - values.active_W[a]! ||
      a - b,
  );
  const parts = new HealthyParts(problem, final, served);
  return dark.map((section) => ({ section, why: whyDark(problem, section, parts) }));
}

function whyDark(problem: RestorationProblem, section: number, parts: HealthyParts): Bilingual {
  const { network, stayDead, request } = problem;
  if (request.faultedSections.includes(section)) {
    return { vi: 'Là vùng bị sự cố.', en: 'It is the faulted section.' };
  }
  const tie = stayDead.tiedBy.get(section) ?? -1;
  const name = tie === -1 ? '' : network.grid.switches[tie]!.name;
  switch (stayDead.reason.get(section)) {
    case 'fault':
      return {
        vi: `Không tách được khỏi vùng sự cố: không mở được ${name}.`,
        en: `It cannot be separated from the fault: ${name} cannot be opened.`,
      };
    case 'tag':
      return {
        vi: 'Đang treo biển, không được đóng điện.',
        en: 'It is tagged and may not be energised.',
      };
    case 'generator':
      return {
        vi: 'Nguồn phân tán có thể tự lập lưới: coi là còn điện, chỉ hòa điện khi có người kiểm tra đồng bộ.',
        en: 'A generator may carry it as an island: it counts as live, and is joined only by people who check synchronism.',
      };
    case 'earth':
      return { vi: 'Đã tiếp đất.', en: 'It is earthed.' };
    case 'source':
      return {
        vi: 'Nguồn bị mất có thể có điện trở lại bất cứ lúc nào.',
        en: 'It hangs on a lost source that may return at any moment.',
      };
    default:
      return parts.whyNoWayInto(section);
  }
}

/**
 * The healthy parts that stay dark, each cut off from the fault, and what bars the ways into them:
 * the same for all sections of a part.
 */
class HealthyParts {
  readonly #problem: RestorationProblem;
  readonly #served: Uint8Array;
  readonly #apart: Uint8Array;
  readonly #why = new Map<number, Bilingual>();

  constructor(problem: RestorationProblem, final: Uint8Array, served: Uint8Array) {
    this.#problem = problem;
    this.#served = served;
    this.#apart = cutOff(problem, final);
  }

  whyNoWayInto(section: number): Bilingual {
    const known = this.#why.get(section);
    if (known !== undefined) return known;
    const part = connectedTo(this.#problem, this.#apart, [section]);
    const sections = placesOf(part, 1);
    const why = this.#whyNoWayInto(part, sections);
    for (const each of sections) this.#why.set(each, why);
    return why;
  }

  #whyNoWayInto(part: Uint8Array, sections: Int32Array): Bilingual {
    const problem = this.#problem;
    const { network } = problem;
    const vi: string[] = [];
    const en: string[] = [];
    for (const at of switchesAt(problem, sections)) {
      const from = network.switchSectionFrom[at]!;
      const to = network.switchSectionTo[at]!;
      if (part[from] === part[to]) continue;
      if (this.#served[part[from] === 1 ? to : from] === 0) continue;
      const { name } = network.grid.switches[at]!;
      const bar = problem.bars.of(at);
      const reason: Reason | null =
        bar === null ? tryClose(problem, this.#apart, at) : { kind: bar };
      if (reason === null) continue;
      const words = reasonWords(reason);
      vi.push(`${name}: ${words.vi}`);
      en.push(`${name}: ${words.en}`);
    }
    if (vi.length === 0) {
      return {
        vi: 'Không có đường nào dẫn tới nguồn đang có điện.',
        en: 'No way leads to a live source.',
      };
    }
    return { vi: `${vi.join('; ')}.`, en: `${en.join('; ')}.` };
  }
}
