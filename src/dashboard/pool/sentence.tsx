// A sentence of the server, word for word, with two changes: its times are local clock times, and minus is a true minus.
import { Fragment } from 'react';
import { ClockTime } from '../ui/time.tsx';

const RFC3339 = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

export const Sentence = ({ text }: { readonly text: string }) =>
  text.split(RFC3339).map((part, index) => (
    // The parts have no identity but their place.
    <Fragment key={index}>{index % 2 === 1 ? <ClockTime at={part} /> : part.replace(/(^|\s)-(?=\d)/g, '$1−')}</Fragment>
  ));
