import { useLayoutEffect, useRef, useState } from 'react';
import { Button } from './Button';
import styles from './PromptTitle.module.css';

/** A prompt as a screen's heading: its first two lines, and the rest on demand. */
export function PromptTitle({ prompt }: { prompt: string }) {
  const title = useRef<HTMLHeadingElement>(null);
  const [cut, setCut] = useState(false);
  const [whole, setWhole] = useState(false);
  useLayoutEffect(() => {
    const element = title.current;
    if (!element) return;
    const measure = () => setCut(element.scrollHeight > element.clientHeight + 1);
    const observer = new ResizeObserver(measure);
    measure();
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div>
      <h1 ref={title} className={styles.title} data-whole={whole || undefined} dir="auto">
        {prompt}
      </h1>
      {(cut || whole) && (
        <Button className={styles.more} aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : 'Show the whole prompt'}
        </Button>
      )}
    </div>
  );
}
