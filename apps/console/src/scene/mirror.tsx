import { useEffect, useState } from 'react';
import { useApp, useSpeech, useUi } from '../app-context.ts';
import { deviceName } from '../store/grid-book.ts';

/** What a screen reader and a test are told of the picture. */
export function Mirror({
  placeOf,
}: {
  readonly placeOf: ((id: string) => readonly [number, number] | null) | null;
}) {
  const { book, live } = useApp();
  const { t } = useSpeech();
  const selection = useUi((state) => state.selection);
  const [place, setPlace] = useState<readonly [number, number] | null>(null);
  useEffect(() => {
    const read = (): void => {
      const next = selection === null ? null : (placeOf?.(selection.id) ?? null);
      setPlace((old) =>
        old !== null && next !== null && old[0] === next[0] && old[1] === next[1] ? old : next,
      );
    };
    read();
    const timer = setInterval(read, 500);
    return () => clearInterval(timer);
  }, [placeOf, selection]);
  const position = selection === null ? null : live.get().switches.get(selection.id)?.position;
  return (
    <p
      className="visually-hidden"
      aria-live="polite"
      data-testid="mirror"
      data-selected={selection?.id ?? ''}
      data-x={place === null ? '' : Math.round(place[0])}
      data-y={place === null ? '' : Math.round(place[1])}
    >
      {selection === null
        ? t('scene.nothingSelected')
        : t('scene.selected', {
            device: deviceName(book, selection.id),
            position: position === null || position === undefined ? '' : t(`position.${position}`),
          })}
    </p>
  );
}
