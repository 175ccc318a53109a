import type { AlarmView } from '@relight/contract';
import type { App } from '../app-context.ts';

/** Tone and how often it comes again, by priority; the lowest is only shown. */
const TONES: Readonly<Record<number, { hertz: number; beeps: number; again_ms: number }>> = {
  1: { hertz: 880, beeps: 3, again_ms: 2_000 },
  2: { hertz: 660, beeps: 2, again_ms: 4_000 },
  3: { hertz: 520, beeps: 1, again_ms: 10_000 },
};
const BEEP_S = 0.12;

/**
 * The most urgent priority that should be heard: unacknowledged alarms that nobody silenced here,
 * whatever filter hides their row. Null: silence.
 */
export function soundingPriority(
  alarms: Iterable<AlarmView>,
  silenced: ReadonlySet<string>,
): number | null {
  let most: number | null = null;
  for (const { id, priority, state, raisedAt_ms } of alarms) {
    const open = state === 'unacknowledged' || state === 'returnedUnacknowledged';
    if (!open || TONES[priority] === undefined || silenced.has(`${id} ${raisedAt_ms}`)) continue;
    if (most === null || priority < most) most = priority;
  }
  return most;
}

/** What silencing now covers: an alarm raised again later is heard again. */
export function silenceAll(alarms: Iterable<AlarmView>): ReadonlySet<string> {
  return new Set([...alarms].map(({ id, raisedAt_ms }) => `${id} ${raisedAt_ms}`));
}

/** Sounds until somebody acknowledges or silences, also while the server is lost. */
export function attachAlarmSound({ live, ui }: App): () => void {
  let context: AudioContext | null = null;
  let last_ms = Number.NEGATIVE_INFINITY;
  let lastPriority: number | null = null;
  const look = (): void => {
    const priority = soundingPriority(live.get().alarms.values(), ui.get().silenced);
    const tone = priority === null ? undefined : TONES[priority];
    const more = priority !== null && (lastPriority === null || priority < lastPriority);
    lastPriority = priority;
    if (tone === undefined) return;
    const now = performance.now();
    if (!more && now - last_ms < tone.again_ms) return;
    last_ms = now;
    context ??= new AudioContext();
    // Browsers hold the sound back until the page was first touched; then it is heard.
    void context.resume();
    for (let beep = 0; beep < tone.beeps; beep += 1) {
      const [oscillator, volume] = [context.createOscillator(), context.createGain()];
      const start = context.currentTime + beep * BEEP_S * 2;
      oscillator.frequency.value = tone.hertz;
      volume.gain.setValueAtTime(0.2, start);
      volume.gain.setTargetAtTime(0, start + BEEP_S * 0.7, 0.02);
      oscillator.connect(volume).connect(context.destination);
      oscillator.start(start);
      oscillator.stop(start + BEEP_S + 0.1);
    }
  };
  const timer = setInterval(look, 250);
  return () => {
    clearInterval(timer);
    void context?.close();
  };
}
