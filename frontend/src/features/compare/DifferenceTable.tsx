import type { Picture } from '../../pictures/select';
import styles from './DifferenceTable.module.css';
import { differences } from './differences';

/** A table of only what differs. */
export function DifferenceTable({ pictures }: { pictures: Picture[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, by keyboard too.
    <section className={styles.scroll} tabIndex={0} aria-label="What differs">
      <table className={styles.table}>
        <caption>What differs</caption>
        <thead>
          <tr>
            <td />
            {pictures.map((picture) => (
              <th key={picture.index} scope="col">
                {picture.model}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {differences(pictures).map(({ name, values }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {values.map((value, at) => (
                <td key={pictures[at]?.index}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
