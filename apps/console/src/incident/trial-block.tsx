import { useState } from 'react';
import { Button, Label, Radio, RadioGroup } from 'react-aria-components';
import type { IncidentView, TrialView } from '@relight/contract';
import { useApp, useLive, useSession, useSpeech } from '../app-context.ts';
import { Gates, useCommandCheck } from '../inspector/gate-list.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Icon } from '../parts/icons.tsx';
import { NoteInput } from '../parts/note-input.tsx';
import { TickBox } from '../parts/tick-box.tsx';
import { mayDo } from '../people/session-store.ts';
import { deviceName } from '../store/grid-book.ts';
import { declareTrial } from '../store/rest.ts';

type Proposal = TrialView['proposed'][number];

const BASES = ['patrol', 'half'] as const;
function useSectionNames(): (sections: readonly string[]) => string {
  const known = useLive((state) => state.sections);
  return (sections) => sections.map((id) => known.get(id)?.name ?? id).join(', ');
}

/** What a person declares for one trial: basis, finding, reason, crews clear; and every gate. */
function Declaration({
  incident,
  proposal,
  onClose,
}: {
  readonly incident: IncidentView;
  readonly proposal: Proposal;
  readonly onClose: () => void;
}) {
  const { book, ui } = useApp();
  const { t, num } = useSpeech();
  const names = useSectionNames();
  const { equipment } = proposal;
  const check = useCommandCheck(equipment, 'close', { trialOf: incident.id });
  const reclosing = useLive((state) => state.switches.get(equipment)?.reclosing ?? null);
  const [basis, setBasis] = useState<(typeof BASES)[number] | null>(null);
  const [finding, setFinding] = useState('');
  const [reason, setReason] = useState('');
  const [clear, setClear] = useState(false);
  const ready =
    check?.allowed === true &&
    basis !== null &&
    finding.trim().length >= 3 &&
    reason.trim().length >= 3 &&
    clear;
  const name = deviceName(book, equipment);
  return (
    <Confirm
      testId="trial-confirm"
      danger
      title={t('trial.formTitle', { device: name })}
      confirm={t('trial.now', { device: name })}
      isDisabled={!ready}
      action={async () => {
        if (basis === null) return;
        await declareTrial(incident.id, {
          equipment,
          reason: reason.trim(),
          basis,
          finding: finding.trim(),
          crewsClear: true,
        });
      }}
      onClose={onClose}
    >
      <p>
        {t('trial.effect', {
          sections: names(proposal.sections),
          share: num(proposal.probability * 100),
        })}
      </p>
      <RadioGroup
        className="choices"
        value={basis}
        onChange={(value) => setBasis(BASES.find((b) => b === value) ?? null)}
      >
        <Label>{t('trial.basis')}</Label>
        {BASES.map((value) => (
          <Radio key={value} value={value} className="choice" data-testid={`trial-${value}`}>
            {t(`trialBasis.${value}`)}
          </Radio>
        ))}
      </RadioGroup>
      <NoteInput
        label={t('trial.finding')}
        value={finding}
        onChange={setFinding}
        maxLength={500}
        testId="trial-finding"
      />
      <NoteInput
        label={t('trial.reason')}
        value={reason}
        onChange={setReason}
        maxLength={500}
        testId="trial-reason"
      />
      <TickBox isSelected={clear} onChange={setClear} testId="trial-crews-clear">
        {t('trial.crewsClear')}
      </TickBox>
      {reclosing === true && (
        <p>
          <Button
            className="btn small"
            onPress={() => {
              ui.select({ kind: 'symbol', id: equipment });
              ui.set({ dialog: 'disableReclosing' });
            }}
          >
            {t('operation.disableReclosing')}…
          </Button>
        </p>
      )}
      <Gates check={check} />
    </Confirm>
  );
}

/**
 * The only close onto a part that may hold the fault: what could be tried, what may not and why,
 * and how the last one ended. Where the server offers none, nothing stands here.
 */
export function TrialBlock({ incident }: { readonly incident: IncidentView }) {
  const { book, ui } = useApp();
  const { t, say, num, time } = useSpeech();
  const names = useSectionNames();
  const may = mayDo(useSession(), 'command');
  const lost = useLive((state) => state.status !== 'live');
  const [declaring, setDeclaring] = useState<string | null>(null);
  const { trial } = incident;
  if (trial === undefined) return null;
  const { proposed, refused, declared } = trial;
  if (proposed.length + refused.length === 0 && declared === null) return null;
  const proposal = proposed.find(({ equipment }) => equipment === declaring);
  const device = (id: string) => (
    <button type="button" className="link dev" onClick={() => ui.select({ kind: 'symbol', id })}>
      {deviceName(book, id)}
    </button>
  );
  return (
    <section className="block trial" data-testid="trial">
      <h2>
        <span>{t('trial.title')}</span> <span className="dim">{t('trial.note')}</span>
      </h2>
      {declared !== null && (
        <p className={`trial-result ${declared.state}`} role="status">
          <Icon
            name={
              declared.state === 'held'
                ? 'tick'
                : declared.state === 'tripped' || declared.state === 'failed'
                  ? 'cross'
                  : 'wait'
            }
          />
          <span data-testid="trial-state" data-state={declared.state}>
            {device(declared.equipment)} · {t(`trialState.${declared.state}`)}
          </span>{' '}
          <span className="dim">
            {names(declared.sections)} · {declared.by} ·{' '}
            <span className="time">{time(declared.at_ms)}</span>
          </span>
        </p>
      )}
      {proposal !== undefined && (
        <Declaration
          key={proposal.equipment}
          incident={incident}
          proposal={proposal}
          onClose={() => setDeclaring(null)}
        />
      )}
      {proposed.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>{t('plan.device')}</th>
              <th>{t('trial.energises')}</th>
              <th className="n">{t('trial.share')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {proposed.map((each) => (
              <tr key={each.equipment} data-testid={`trial-of-${each.equipment}`}>
                <td>{device(each.equipment)}</td>
                <td>
                  {names(each.sections)}
                  {each.splitAt !== null && (
                    <p className="dim">
                      {t('trial.split')} {device(each.splitAt)}
                    </p>
                  )}
                </td>
                <td className="n">{num(each.probability * 100)} %</td>
                <td className="n">
                  <Button
                    className="btn small"
                    data-testid={`trial-declare-${each.equipment}`}
                    isDisabled={!may || lost || declaring === each.equipment}
                    onPress={() => setDeclaring(each.equipment)}
                  >
                    {t('trial.declare')}…
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {refused.length > 0 && (
        <ul className="plain-list" data-testid="trial-refused">
          {refused.map((each) => (
            <li key={each.equipment}>
              <Icon name="cross" size="s12" label={t('dialog.gateUnmet')} />
              <span>
                {device(each.equipment)} {say(each.why)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
