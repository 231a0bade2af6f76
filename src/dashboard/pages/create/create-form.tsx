// The fields that most pools need. Everything else is in the YAML, and stays while the form is used.
import { TagsInput, TextInput } from '@mantine/core';
import { CapacitySpec } from '../../../contract/capacity-spec.ts';
import { CapacityPair } from '../../pool/capacity-pair.tsx';
import { draftOf, type Edits } from '../../pool/capacity-draft.ts';
import { FIELDS, labelsOf, NEW_POOL, textAt, toLabels, withField } from './pool-draft.ts';
import { StrategyFields } from './strategy-fields.tsx';
import type { CreatePoolState } from './use-create-pool.ts';

const DEFAULT_CAPACITY = CapacitySpec.parse(NEW_POOL.capacitySpec);

const editsOf = (capacity: unknown): Edits => (typeof capacity === 'object' && capacity !== null ? capacity : {});

export const CreateForm = ({ state }: { readonly state: CreatePoolState }) => {
  const { draft, setDraft, problemAt } = state;
  const capacity = editsOf(draft.capacitySpec);
  const capacityDraft = draftOf(DEFAULT_CAPACITY, capacity);
  const onEdit = (edits: Edits) => {
    setDraft({ ...draft, capacitySpec: { ...DEFAULT_CAPACITY, ...capacity, ...edits } });
  };
  const name = textAt(draft, FIELDS.name);
  const said = (what: string, problem: string | undefined) => problem && `${what} ${problem}.`;
  const nameProblem = name === '' ? undefined : said('The name', problemAt('name'));
  const labelProblem = said('A label', state.problems.find(({ path }) => path[0] === 'labels')?.message);
  const imageProblem = said('The image', problemAt('template.spec.containers[0].image'));
  const pair = { stored: DEFAULT_CAPACITY, draft: capacityDraft, onEdit };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <div className="two">
        <TextInput
          label="Name"
          data-autofocus
          value={name}
          description={nameProblem === undefined && 'Lower case letters, digits and hyphens.'}
          error={nameProblem}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          onChange={(event) => {
            setDraft(withField(draft, FIELDS.name, event.target.value));
          }}
        />
        <TextInput
          label="Image"
          value={textAt(draft, FIELDS.image)}
          description={imageProblem === undefined && 'The rest of the template is in YAML.'}
          error={imageProblem}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          onChange={(event) => {
            setDraft(withField(draft, FIELDS.image, event.target.value));
          }}
        />
      </div>
      <TagsInput
        label="Labels"
        placeholder="key=value"
        value={[...labelsOf(draft)]}
        error={labelProblem}
        splitChars={[',', ' ']}
        onChange={(tags) => {
          setDraft(withField(draft, ['labels'], toLabels(tags)));
        }}
      />
      <fieldset>
        <legend>
          Buffer <span>unallocated members, ready or starting</span>
        </legend>
        <CapacityPair low="bufferMin" high="bufferMax" {...pair} />
      </fieldset>
      <fieldset>
        <legend>
          Pool <span>all members</span>
        </legend>
        <CapacityPair low="poolMin" high="poolMax" {...pair} />
      </fieldset>
      <StrategyFields state={state} />
    </form>
  );
};
