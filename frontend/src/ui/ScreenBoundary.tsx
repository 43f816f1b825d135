import { Component, type ReactNode } from 'react';
import { Button } from './Button';
import { Notice } from './Notice';

interface ScreenBoundaryProps {
  /** The address: another one gets a new chance. */
  path: string;
  children: ReactNode;
}

/** Keeps the frame when a screen's code cannot be had, as without a network, or has a fault. */
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
        <Notice title="This screen could not be shown" tone="bad">
          <p>The server cannot be reached, has a newer page, or this one has a fault.</p>
          <Button icon="retry" look="outline" onClick={() => location.reload()}>
            Load again
          </Button>
        </Notice>
      </main>
    );
  }
}
