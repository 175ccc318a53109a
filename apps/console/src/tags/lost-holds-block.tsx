import { useLive, useSession, useSpeech } from '../app-context.ts';
import { mayDo } from '../people/session-store.ts';
import { removeEarth, removeTag } from '../store/rest.ts';
import { Removal } from './tags-block.tsx';

/**
 * Tags and earths of an earlier run whose place the grid file has lost: nothing can be closed
 * anywhere while one is on record, and two people who know what became of it take it off.
 */
export function LostHoldsBlock() {
  const { t, day, time } = useSpeech();
  const lost = useLive((state) => state.summary?.lostHolds ?? null);
  const may = mayDo(useSession(), 'tag');
  if (lost === null) return null;
  return (
    <section className="lost-holds" data-testid="lost-holds">
      <h2>{t('lostHolds.title')}</h2>
      <p>{t('lostHolds.note')}</p>
      <ul>
        {lost.map(({ id, kind, equipment, text, ownerName, placedAt_ms }) => (
          <li key={id} data-testid={`lost-${id}`}>
            <p>
              <b>{t(`lostHolds.${kind}`)}</b> <span className="dev">{id}</span> · {equipment} ·{' '}
              {ownerName} ·{' '}
              <span className="num">{`${day(placedAt_ms)} ${time(placedAt_ms).slice(0, 5)}`}</span>
              {text !== '' && ` · ${text}`}
            </p>
            {may && (
              <Removal
                own={false}
                remove={(reason) =>
                  kind === 'tag' ? removeTag(id, reason) : removeEarth(id, reason)
                }
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
