// A region of a page: what fails in it does not take the rest of the page with it.
import { Component, type ReactNode } from 'react';
import { ErrorNotice } from './error-notice.tsx';

type PanelProps = {
  /** What the region shows: `the chart`. */
  readonly name: string;
  readonly children: ReactNode;
};

export class Panel extends Component<PanelProps, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    const retry = () => {
      this.setState({ error: undefined });
    };
    return <ErrorNotice title={`Warmpool could not show ${this.props.name}.`} error={error} retry={retry} />;
  }
}
