import { useMemo, useState } from 'react';
import { ComboBox, Input, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { useApp, useSpeech } from '../app-context.ts';
import { folded } from '../i18n/format.ts';
import { deviceName } from '../store/grid-book.ts';
import type { Selection } from '../store/ui-store.ts';
import { Icon } from './icons.tsx';

interface Found {
  readonly id: string;
  readonly name: string;
  readonly kind: Selection['kind'];
  readonly key: string;
}

const MOST_SHOWN = 12;

interface Props {
  readonly label: string;
  readonly testId: string;
  /** Whether it may be picked; absent: everything. */
  readonly accept?: (id: string) => boolean;
  readonly onPick: (selection: Selection) => void;
  /** The key that leads here. */
  readonly shortcut?: string;
}

/** Finds a device, load or line by number or name, with or without diacritics. */
export function DeviceFinder({ label, testId, accept, onPick, shortcut }: Props) {
  const { book } = useApp();
  const { t } = useSpeech();
  const [text, setText] = useState('');
  const all = useMemo<readonly Found[]>(() => {
    const entry = (id: string, kind: Selection['kind']): Found => {
      const name = deviceName(book, id);
      return { id, name, kind, key: folded(`${name} ${id}`) };
    };
    return [
      ...[...book.switches.keys()].map((id) => entry(id, 'symbol')),
      ...[...book.transformers.keys()].map((id) => entry(id, 'symbol')),
      ...[...book.loads.keys()].map((id) => entry(id, 'symbol')),
      ...[...book.lines.keys()].map((id) => entry(id, 'line')),
    ];
  }, [book]);
  const wanted = folded(text.trim());
  const found =
    wanted === ''
      ? []
      : all
          .filter(({ key, id }) => key.includes(wanted) && accept?.(id) !== false)
          .slice(0, MOST_SHOWN);
  return (
    <ComboBox
      className="search"
      aria-label={label}
      items={found}
      inputValue={text}
      onInputChange={setText}
      selectedKey={null}
      onSelectionChange={(key) => {
        const hit = all.find(({ id }) => id === key);
        if (hit === undefined) return;
        onPick({ kind: hit.kind, id: hit.id });
        setText('');
      }}
      allowsEmptyCollection={wanted !== ''}
      menuTrigger="input"
    >
      <Icon name="view-network" size="s12" />
      <Input placeholder={t('search.placeholder')} data-testid={testId} />
      {shortcut !== undefined && <kbd>{shortcut}</kbd>}
      <Popover className="popover">
        <ListBox
          className="results"
          renderEmptyState={() => <p className="no-result">{t('search.none')}</p>}
        >
          {(item: Found) => (
            <ListBoxItem id={item.id} textValue={item.name} className="option">
              <b className="num">{item.name}</b>
              <span className="dim num">{item.id}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

/** The search of the whole grid: what is found is selected. */
export function DeviceSearch() {
  const { ui } = useApp();
  const { t } = useSpeech();
  return <DeviceFinder label={t('search.label')} testId="search" shortcut="/" onPick={ui.select} />;
}
