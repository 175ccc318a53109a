interface Props {
  readonly name: string;
  readonly value: string;
  /** A figure, set in the font whose digits have one width. */
  readonly figure?: boolean;
  readonly bad?: boolean;
  readonly title?: string | undefined;
}

/** One line of a faceplate. */
export function Fact({ name, value, figure = false, bad = false, title }: Props) {
  return (
    <div className={bad ? 'bad' : ''} title={title}>
      <dt>{name}</dt>
      <dd className={figure ? 'num' : ''}>
        <span>{value}</span>
      </dd>
    </div>
  );
}
