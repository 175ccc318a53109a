import sheet from '../scene/symbols.svg?raw';

/** The symbol sheet, once in the page; everything else refers to it. */
export function SymbolSheet() {
  return <div className="sprite-sheet" dangerouslySetInnerHTML={{ __html: sheet }} />;
}

interface SymbolProps {
  readonly name: string;
  readonly size?: 's12' | 's20' | undefined;
  readonly label?: string | undefined;
}

/** A device symbol or icon of the sheet by its full name. */
export function SheetSymbol({ name, size, label }: SymbolProps) {
  return (
    <svg
      className={`ico ${size ?? ''}`}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      <use href={`#${name}`} />
    </svg>
  );
}

/** An icon: "tick" is `icon-tick` of the sheet. */
export function Icon({ name, ...rest }: SymbolProps) {
  return <SheetSymbol name={`icon-${name}`} {...rest} />;
}
