// Minimum and maximum: two number fields, and a slider between them.
import { NumberInput, RangeSlider } from '@mantine/core';
import type { CapacitySpec } from '../../contract/capacity-spec.ts';
import { INT32_MAX } from '../../contract/limits.ts';
import type { Bound, Draft, Edits } from './capacity-draft.ts';
import { sliderStops, toPosition, toValue } from './slider-scale.ts';

type CapacityPairProps = {
  readonly low: Bound;
  readonly high: Bound;
  readonly stored: CapacitySpec;
  readonly draft: Draft;
  /** Default false. */
  readonly isReadOnly?: boolean;
  readonly onEdit: (edits: Edits) => void;
};

export const CapacityPair = ({ low, high, ...pair }: CapacityPairProps) => {
  const { draft } = pair;
  const bounds = [low, high];
  const wrong = bounds.filter((bound) => draft.errors[bound] !== undefined);
  return (
    <div className="pair-place">
      <div className="pair">
        <BoundField bound={low} {...pair} />
        <PairSlider low={low} high={high} {...pair} />
        <BoundField bound={high} {...pair} />
      </div>
      <div aria-live="polite">
        {wrong.map((bound) => (
          <p key={bound} className="help bad">
            {bound} {draft.errors[bound]}.
          </p>
        ))}
      </div>
    </div>
  );
};

type BoundFieldProps = Omit<CapacityPairProps, 'low' | 'high'> & { readonly bound: Bound };

const BoundField = ({ bound, stored, draft, isReadOnly = false, onEdit }: BoundFieldProps) => {
  const isWrong = draft.errors[bound] !== undefined;
  const isChanged = draft.values[bound] !== stored[bound];
  return (
    <NumberInput
      className="num-field"
      classNames={{ input: isChanged && !isWrong ? 'is-changed' : '' }}
      name={bound}
      label={bound}
      value={draft.values[bound]}
      readOnly={isReadOnly}
      onChange={(value) => {
        onEdit({ [bound]: value });
      }}
      min={0}
      max={INT32_MAX}
      clampBehavior="none"
      allowDecimal={false}
      allowNegative={false}
      // Read aloud with the field; the line under both fields shows it.
      error={draft.errors[bound]}
      errorProps={{ className: 'sr' }}
    />
  );
};

const PairSlider = ({ low, high, stored, draft, isReadOnly = false, onEdit }: CapacityPairProps) => {
  const stops = sliderStops([stored[high], asNumber(draft.values[low]), asNumber(draft.values[high]) / 2.5]);
  const at = (value: number | string) => toPosition(stops, asNumber(value));
  const positions: [number, number] = [at(draft.values[low]), at(draft.values[high])];
  const marks = [low, high].flatMap((bound) =>
    draft.values[bound] === stored[bound] ? [] : [{ value: at(stored[bound]) }],
  );
  return (
    <RangeSlider
      classNames={{ root: 'pair-slider', thumb: 'pair-thumb', mark: 'pair-mark', markWrapper: 'pair-mark-place' }}
      disabled={isReadOnly}
      size={4}
      thumbSize={24}
      min={0}
      max={stops.length - 1}
      step={1}
      minRange={0}
      label={null}
      value={positions}
      marks={marks}
      scale={(position) => toValue(stops, position)}
      thumbValueText={(value) => String(value)}
      thumbFromLabel={low}
      thumbToLabel={high}
      onChange={([from, to]) => {
        // A value between two stops stays as it is while the other thumb moves.
        onEdit({
          ...(from !== positions[0] && { [low]: toValue(stops, from) }),
          ...(to !== positions[1] && { [high]: toValue(stops, to) }),
        });
      }}
    />
  );
};

const asNumber = (value: number | string): number => {
  const number = Number(value);
  return Number.isFinite(number) ? number : 0;
};
