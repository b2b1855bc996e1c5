/** Placeholder while the shell lands: the doors as the cloud names them. */
import { useApp } from '../app.ts';

export function Screen() {
  const { known } = useApp();
  return (
    <ul class="list">
      {known.doors.map(({ id }) => (
        <li key={id} class="card">
          {id}
        </li>
      ))}
    </ul>
  );
}
