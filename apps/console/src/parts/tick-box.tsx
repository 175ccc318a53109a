import type { ReactNode } from 'react';
import { Checkbox } from 'react-aria-components';
import { Icon } from './icons.tsx';

interface Props {
  readonly isSelected: boolean;
  readonly onChange: (selected: boolean) => void;
  readonly testId: string;
  readonly children: ReactNode;
}

/** A box to tick, with its words. */
export function TickBox({ isSelected, onChange, testId, children }: Props) {
  return (
    <Checkbox className="check" isSelected={isSelected} onChange={onChange} data-testid={testId}>
      <span className="tick-box" aria-hidden="true">
        {isSelected && <Icon name="tick" size="s12" />}
      </span>
      {children}
    </Checkbox>
  );
}
