import { useSearchParam } from '../../ui/useSearchParam';
import { ORDERS, type Order } from './order';
import styles from './Run.module.css';

const LABELS: Record<Order, string> = { slot: 'Model order', time: 'Fastest', cost: 'Cheapest' };

/** The order of a run's pictures, kept in its address (`?sort=time`). */
export function useOrder() {
  const [sort, setSort] = useSearchParam('sort');
  const order = ORDERS.find((known) => known === sort) ?? 'slot';
  return [order, (next: string) => setSort(next === 'slot' ? null : next)] as const;
}

export function OrderChoice() {
  const [order, setOrder] = useOrder();
  return (
    <label className={styles.order}>
      <span className="visually-hidden">Order of the pictures</span>
      <select value={order} onChange={({ target }) => setOrder(target.value)}>
        {ORDERS.map((name) => (
          <option key={name} value={name}>
            {LABELS[name]}
          </option>
        ))}
      </select>
    </label>
  );
}
