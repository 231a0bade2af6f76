// The place of the rows of a table that are not drawn. Its one cell spans no columns: some are hidden on narrow screens.

type GapProps = {
  /** In pixels. */
  readonly height: number;
};

export const Gap = ({ height }: GapProps) =>
  height <= 0 ? null : (
    <tbody aria-hidden="true">
      <tr className="gap">
        <td style={{ height }} />
      </tr>
    </tbody>
  );
