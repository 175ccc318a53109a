import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';
import { Icon } from './icons.tsx';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly id: string; readonly name: string }[];
  readonly onPick: (id: string) => void;
  readonly testId: string;
}

/** Which one of several is shown: a station, a feeder. */
export function Picker({ label, value, options, onPick, testId }: Props) {
  return (
    <Select
      className="picker"
      aria-label={label}
      selectedKey={value}
      onSelectionChange={(key) => onPick(String(key))}
    >
      <Button className="picker-button" data-testid={testId}>
        <SelectValue />
        <Icon name="chevron" size="s12" />
      </Button>
      <Popover className="popover">
        <ListBox>
          {options.map(({ id, name }) => (
            <ListBoxItem key={id} id={id} textValue={name} className="option">
              {name}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
