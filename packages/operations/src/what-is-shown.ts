import type { Bilingual, Gate } from '@relight/contract';
import type { Approval, Shown } from './approvals.ts';
import { wantedBy } from './command-orders.ts';
import { switchName } from './engine.ts';
import { judgeGates } from './gates.ts';
import { shownOfAdoption } from './normal-state/adopt.ts';
import { shownOfLost } from './lost-holds.ts';
import { operationText, positionText, say } from './signal-text.ts';
import type { Command } from './command.ts';
import type { StepContext } from './step-context.ts';
import { placeName, tagText } from './tag.ts';

/** What a second person is shown of it as it is now; null where it is gone. */
export function shownOf(
  context: StepContext,
  {
    what,
    about,
    seen,
    equipment = [],
  }: Pick<Approval, 'what' | 'about' | 'seen'> & Partial<Pick<Approval, 'equipment'>>,
): Shown | null {
  const { engine, state } = context;
  const command = state.commands.get(about);
  const lost = state.lostHolds.get(about);
  if (lost !== undefined) return shownOfLost(lost);
  switch (what) {
    case 'command':
      return command?.waits === 'approval' ? shownOfCommand(context, command) : null;
    case 'removeTag': {
      const tag = state.tags.get(about);
      if (tag === undefined) return null;
      const place = placeName(engine, tag);
      return {
        title: say(`Tháo biển báo tại ${place}`, `Remove a tag at ${place}`),
        details: [tagText(tag)],
      };
    }
    case 'removeEarth': {
      const earth = state.earths.get(about);
      if (earth === undefined) return null;
      const name = engine.sections[earth.section]?.name ?? '';
      const { label, ownerName, text } = earth.standing;
      return {
        title: say(`Xóa tiếp đất lưu động tại ${name}`, `Remove a portable earth in ${name}`),
        details: [say(`${label}, ${ownerName}: ${text}`, `${label}, ${ownerName}: ${text}`)],
      };
    }
    case 'clearUnknown': {
      if (command === undefined || !command.unsettled) return null;
      const name = switchName(engine, command.switchIndex);
      const verb = operationText(command.operation);
      const moved = seen === 'asWanted';
      return {
        title: say(
          `Kết thúc lệnh không rõ kết quả tại ${name}`,
          `Clear an unknown outcome at ${name}`,
        ),
        details: [
          say(
            `lệnh ${verb.vi} ${command.id}: tại chỗ thấy ${moved ? 'đã' : 'chưa'} chuyển trạng thái`,
            `command to ${verb.en} ${command.id}: seen at the site ${moved ? 'to have moved' : 'not to have moved'}`,
          ),
        ],
      };
    }
    case 'adoptNormal':
      return shownOfAdoption(engine, state, equipment);
    case 'sheddingList': {
      const list = state.sheddingLists.get(about);
      if (list === undefined || list.state !== 'waiting') return null;
      return {
        title: say(`Danh sách sa thải ${list.name}`, `Shedding list ${list.name}`),
        details: list.equipment.map((id) => {
          const index = engine.network.index.switch.get(id);
          const name = index === undefined ? id : switchName(engine, index);
          return say(`cắt ${name}`, `open ${name}`);
        }),
      };
    }
  }
}

export function shownOfCommand(context: StepContext, command: Command): Shown {
  const { engine, state } = context;
  const name = switchName(engine, command.switchIndex);
  const verb = operationText(command.operation);
  const position = positionText(
    state.points[engine.switchPoints[command.switchIndex]?.position ?? -1]?.value ?? null,
  );
  const gates = judgeGates(engine, state, wantedBy(command), context.now_ms);
  return {
    title: say(`${verb.vi} ${name}`, `${verb.en} ${name}`),
    details: [
      say(`hiện đang ${position.vi}`, `now ${position.en}`),
      ...gates.flatMap((gate) => (asksForTwo(gate) ? [gateText(gate)] : [])),
    ],
  };
}

/** A gate that a second person has to look at. */
export function asksForTwo(gate: Gate): boolean {
  return gate.needsSecondPerson === true || (!gate.ok && gate.overridable === true);
}

function gateText(gate: Gate): Bilingual {
  return say(`${gate.label.vi}: ${gate.text.vi}`, `${gate.label.en}: ${gate.text.en}`);
}
