import { useApp, useLive, useSpeech } from '../app-context.ts';
import { TickBox } from '../parts/tick-box.tsx';
import { deviceName } from '../store/grid-book.ts';
import { reclosersAbove } from './reclosers-above.ts';

interface Props {
  readonly equipment: string;
  readonly seenOff: ReadonlySet<string>;
  readonly onChange: (seenOff: ReadonlySet<string>) => void;
}

/**
 * Hot-line work wants the reclosing upstream off and read back. What reports none can only be
 * looked at: the person who places the tag says here that they had that done, device by device.
 */
export function SeenOffField({ equipment, seenOff, onChange }: Props) {
  const { book } = useApp();
  const { t } = useSpeech();
  const live = useLive((state) => state);
  const above = reclosersAbove(book, live, equipment);
  if (above.length === 0) return null;
  return (
    <fieldset className="ticks one-column" data-testid="seen-off">
      <legend>{t('seenOff.title')}</legend>
      {above.map(({ id, reclosing }) =>
        reclosing === 'silent' ? (
          <TickBox
            key={id}
            isSelected={seenOff.has(id)}
            onChange={(on) =>
              onChange(new Set(on ? [...seenOff, id] : [...seenOff].filter((each) => each !== id)))
            }
            testId={`seen-off-${id}`}
          >
            <span>
              <b className="dev">{deviceName(book, id)}</b> {t('seenOff.looked')}
            </span>
          </TickBox>
        ) : (
          <p
            key={id}
            className={reclosing === 'on' ? 'bad' : 'dim'}
            data-testid={`reclosing-${id}`}
          >
            <b className="dev">{deviceName(book, id)}</b> {t(`seenOff.${reclosing}`)}
          </p>
        ),
      )}
    </fieldset>
  );
}
