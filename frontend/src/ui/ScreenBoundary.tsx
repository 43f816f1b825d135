import { Component, type ReactNode } from 'react';
import { Button } from './Button';
import { Notice } from './Notice';

interface ScreenBoundaryProps {
  /** The address: another one gets a new chance. */
  path: string;
  children: ReactNode;
}

/** Keeps the frame when a screen's code cannot be had: without a network, or after an update. */
export class ScreenBoundary extends Component<ScreenBoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidUpdate(before: ScreenBoundaryProps) {
    if (this.state.failed && before.path !== this.props.path) this.setState({ failed: false });
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <main id="stage" style={{ padding: '2rem' }}>
        <Notice title="This screen could not be loaded" tone="bad">
          <p>The server cannot be reached, or it has a newer version of the page.</p>
          <Button icon="retry" look="outline" onClick={() => location.reload()}>
            Load again
          </Button>
        </Notice>
      </main>
    );
  }
}
