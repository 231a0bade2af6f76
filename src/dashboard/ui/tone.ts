/** What a colour says of a state. `plain`: a fact without judgement. */
export type Tone = 'ok' | 'busy' | 'warn' | 'bad' | 'none' | 'plain';
