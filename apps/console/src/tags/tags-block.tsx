import { useState } from 'react';
import { Button, Label, Radio, RadioGroup } from 'react-aria-components';
import type { EarthView, TagKind, TagView } from '@relight/contract';
import { useApp, useLive, useSession, useSpeech, useUi } from '../app-context.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { SheetSymbol } from '../parts/icons.tsx';
import { NoteInput } from '../parts/note-input.tsx';
import { hasRight, mayDo } from '../people/session-store.ts';
import { SeenOffField } from './seen-off-field.tsx';
import { TAG_SYMBOLS } from './tag-marks.ts';
import { deviceName } from '../store/grid-book.ts';
import { placeTag, recordEarth, removeEarth, removeTag } from '../store/rest.ts';

const DEVICE_KINDS = ['doNotOperate', 'hotLine', 'information'] as const;
const SECTION_KINDS = ['crewAtWork', 'hotLine', 'information'] as const;

/** Takes a tag or an earth away: its owner at once, anybody else with a reason and a second person. */
export function Removal({
  own,
  remove,
}: {
  readonly own: boolean;
  readonly remove: (reason: string | undefined) => Promise<unknown>;
}) {
  const { t } = useSpeech();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const [told, setTold] = useState<string | null>(null);
  return (
    <>
      {own ? (
        <ActionButton
          className="small"
          testId="remove-tag"
          action={() => remove(undefined)}
          onRefused={setTold}
        >
          {t('tags.remove')}
        </ActionButton>
      ) : (
        !asking && (
          <Button className="btn small" data-testid="remove-tag" onPress={() => setAsking(true)}>
            {t('tags.removeOther')}
          </Button>
        )
      )}
      {asking && (
        <div className="tag-removal">
          <NoteInput
            label={t('tags.reason')}
            value={reason}
            onChange={setReason}
            maxLength={400}
            testId="tag-removal-reason"
          />
          <ActionButton
            isDisabled={reason.trim().length < 3}
            action={async () => {
              await remove(reason.trim());
              setAsking(false);
              setTold(t('tags.waits'));
            }}
            onRefused={setTold}
          >
            {t('tags.askSecond')}
          </ActionButton>
        </div>
      )}
      {told !== null && (
        <p className="refusal" role="alert">
          {told}
        </p>
      )}
    </>
  );
}

function TagRow({ tag }: { readonly tag: TagView }) {
  const { book } = useApp();
  const { t, time, day } = useSpeech();
  const session = useSession();
  return (
    <li data-testid={`tag-${tag.kind}`}>
      <SheetSymbol name={TAG_SYMBOLS[tag.kind]} size="s20" />
      <div>
        <b>{t(`tag.${tag.kind}`)}</b> {tag.text}
        <p className="dim">
          {tag.ownerName} · {day(tag.placedAt_ms)} {time(tag.placedAt_ms).slice(0, 5)}
        </p>
        {(tag.reclosingSeenOff ?? []).length > 0 && (
          <p className="dim" data-testid="tag-seen-off">
            {t('seenOff.byOwner', {
              list: (tag.reclosingSeenOff ?? []).map((id) => deviceName(book, id)).join(', '),
            })}
          </p>
        )}
        {hasRight(session, 'tag') && (
          <Removal
            own={session?.user === tag.owner}
            remove={(reason) => removeTag(tag.id, reason)}
          />
        )}
      </div>
    </li>
  );
}

function EarthRow({ earth }: { readonly earth: EarthView }) {
  const { t, time } = useSpeech();
  const session = useSession();
  return (
    <li data-testid="earth" className={earth.onLive ? 'bad' : ''}>
      <SheetSymbol name="ground-disconnector-closed" size="s20" />
      <div>
        <b>{t(`earth.${earth.kind}`)}</b> <span className="dev">{earth.label}</span> {earth.text}
        {earth.onLive && <p className="bad">{t('earth.onLive')}</p>}
        <p className="dim">
          {earth.ownerName ?? '–'}
          {earth.placedAt_ms === null ? '' : ` · ${time(earth.placedAt_ms).slice(0, 5)}`}
        </p>
        {earth.kind === 'portable' && hasRight(session, 'tag') && (
          <Removal
            own={session?.user === earth.owner}
            remove={(reason) => removeEarth(earth.id, reason)}
          />
        )}
      </div>
    </li>
  );
}

function TagForm({
  equipment,
  on,
  onDone,
}: {
  readonly equipment: string;
  readonly on: 'device' | 'section';
  readonly onDone: () => void;
}) {
  const { t } = useSpeech();
  const kinds: readonly (TagKind | 'earth')[] =
    on === 'device' ? DEVICE_KINDS : [...SECTION_KINDS, 'earth'];
  const [kind, setKind] = useState<TagKind | 'earth'>(kinds[0] ?? 'information');
  const [text, setText] = useState('');
  const [label, setLabel] = useState('');
  const [seenOff, setSeenOff] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<string | null>(null);
  const ready = kind === 'earth' ? label.trim() !== '' : text.trim() !== '';
  return (
    <div className="tag-form" data-testid="tag-form">
      <RadioGroup
        className="choices"
        value={kind}
        onChange={(value) => setKind(kinds.find((k) => k === value) ?? 'information')}
      >
        <Label>{t('tags.kind')}</Label>
        {kinds.map((value) => (
          <Radio key={value} value={value} className="choice" data-testid={`kind-${value}`}>
            <span>
              {t(value === 'earth' ? 'earth.portable' : `tag.${value}`)}
              <small className="dim"> {t(`tagMeans.${value}`)}</small>
            </span>
          </Radio>
        ))}
      </RadioGroup>
      {kind === 'earth' && (
        <NoteInput
          label={t('tags.number')}
          value={label}
          onChange={setLabel}
          maxLength={50}
          rows={1}
          testId="earth-number"
        />
      )}
      {kind === 'hotLine' && (
        <SeenOffField equipment={equipment} seenOff={seenOff} onChange={setSeenOff} />
      )}
      <NoteInput
        label={t('tags.text')}
        value={text}
        onChange={setText}
        maxLength={400}
        testId="tag-text"
      />
      {refused !== null && (
        <p className="refusal" role="alert">
          {refused}
        </p>
      )}
      <div className="commands">
        <ActionButton
          testId="tag-place"
          isDisabled={!ready}
          action={async () => {
            setRefused(null);
            if (kind === 'earth') await recordEarth(equipment, label.trim(), text.trim());
            else
              await placeTag(
                equipment,
                kind,
                text.trim(),
                kind === 'hotLine' ? seenOff : new Set(),
              );
            onDone();
          }}
          onRefused={setRefused}
        >
          {t('tags.place')}
        </ActionButton>
        <Button className="btn" onPress={onDone}>
          {t('dialog.cancel')}
        </Button>
      </div>
    </div>
  );
}

/** Tags and earths of a device or section, and the way to place one. */
export function TagsBlock({
  equipment,
  on,
}: {
  readonly equipment: string;
  readonly on: 'device' | 'section';
}) {
  const { ui } = useApp();
  const { t } = useSpeech();
  const tags = useLive((state) => state.tags);
  const earths = useLive((state) => state.earths);
  const placing = useUi((state) => state.tagging);
  const may = mayDo(useSession(), 'tag');
  const own = [...tags.values()].filter((tag) => tag.equipment === equipment);
  const here = on === 'section' ? [...earths.values()].filter((e) => e.section === equipment) : [];
  return (
    <section className="faceplate tags-block" data-testid="tags-block">
      <h3>
        {t('tags.title')} <kbd>T</kbd>
      </h3>
      {own.length + here.length > 0 && (
        <ul>
          {own.map((tag) => (
            <TagRow key={tag.id} tag={tag} />
          ))}
          {here.map((earth) => (
            <EarthRow key={earth.id} earth={earth} />
          ))}
        </ul>
      )}
      {placing ? (
        <TagForm
          key={equipment}
          equipment={equipment}
          on={on}
          onDone={() => ui.set({ tagging: false })}
        />
      ) : (
        <Button
          className="btn"
          isDisabled={!may}
          data-testid="tag-new"
          onPress={() => ui.set({ tagging: true })}
        >
          {t('tags.new')}
        </Button>
      )}
    </section>
  );
}
