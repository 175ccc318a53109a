import { useState } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import type { EarthFaultView } from '@relight/contract';
import { useApp, useLive, useSpeech } from '../app-context.ts';
import { Gates, useCommandCheck } from '../inspector/gate-list.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { deviceName } from '../store/grid-book.ts';
import { answerEarthFault } from '../store/rest.ts';

/** What a person is about to say of an earth fault. */
export type Deciding =
  | { readonly action: 'tryFeeder'; readonly feeder: EarthFaultView['feeders'][number] }
  | { readonly action: 'stopSearch' | 'leaveOpen' | 'runFor' };

/** Minutes a network may be told to run with its earth fault; two hours is the usual rule. */
const MINUTES = ['30', '60', '120', '240'] as const;

interface Props {
  readonly fault: EarthFaultView;
  readonly deciding: Deciding;
  readonly onClose: () => void;
}

/** Effect and gates of the next word, before it is sent. */
export function EarthFaultDecision({ fault, deciding, onClose }: Props) {
  const { t } = useSpeech();
  const [minutes, setMinutes] = useState<(typeof MINUTES)[number]>('120');
  if (deciding.action === 'tryFeeder')
    return <TryFeeder fault={fault} feeder={deciding.feeder} onClose={onClose} />;
  const open = fault.feeders.find(({ state }) => state === 'open' || state === 'faulted');
  const name = open?.name ?? '';
  if (deciding.action === 'runFor')
    return (
      <Confirm
        testId="earth-run-confirm"
        title={t(fault.state === 'found' ? 'earthFault.closeAndRun' : 'earthFault.run')}
        confirm={t('earthFault.runNow', { n: minutes })}
        danger={fault.state === 'found'}
        action={() => answerEarthFault(fault.id, { action: 'runFor', time_min: Number(minutes) })}
        onClose={onClose}
      >
        <p>
          {fault.state === 'found'
            ? t('earthFault.closeAndRunEffect', { feeder: name })
            : t('earthFault.runEffect')}
        </p>
        <RadioGroup
          className="segments"
          value={minutes}
          onChange={(value) => setMinutes(MINUTES.find((m) => m === value) ?? '120')}
          orientation="horizontal"
        >
          <Label>{t('earthFault.howLong')}</Label>
          <div className="segment-row">
            {MINUTES.map((value) => (
              <Radio key={value} value={value} className="segment">
                {t('earthFault.minutes', { n: value })}
              </Radio>
            ))}
          </div>
        </RadioGroup>
      </Confirm>
    );
  const { action } = deciding;
  return (
    <Confirm
      testId={action === 'leaveOpen' ? 'earth-leave-open-confirm' : 'earth-stop-confirm'}
      title={t(`earthFault.${action === 'leaveOpen' ? 'leaveOpen' : 'stop'}`)}
      confirm={t(`earthFault.${action}Now`)}
      action={() => answerEarthFault(fault.id, { action })}
      onClose={onClose}
    >
      <p>{t(`earthFault.${action}Effect`, { feeder: name })}</p>
    </Confirm>
  );
}

function TryFeeder({
  fault,
  feeder,
  onClose,
}: {
  readonly fault: EarthFaultView;
  readonly feeder: EarthFaultView['feeders'][number];
  readonly onClose: () => void;
}) {
  const { book } = useApp();
  const { t, num } = useSpeech();
  const head = useLive((state) => state.feeders.get(feeder.id)?.head ?? '');
  const check = useCommandCheck(head, 'open');
  return (
    <Confirm
      testId="earth-try-confirm"
      danger
      title={t('earthFault.tryTitle', { device: deviceName(book, head) })}
      confirm={t('earthFault.tryNow', { device: deviceName(book, head) })}
      isDisabled={check?.allowed !== true}
      action={() => answerEarthFault(fault.id, { action: 'tryFeeder', feeder: feeder.id })}
      onClose={onClose}
    >
      <p>{t('earthFault.tryEffect', { feeder: feeder.name, n: num(feeder.customers) })}</p>
      <Gates check={check} />
    </Confirm>
  );
}
