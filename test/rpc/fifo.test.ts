import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fifo } from '../../src/rpc/fifo.ts';

test('a fifo does what an array does', () => {
  const operation = fc.constantFrom('push', 'push', 'push', 'shift', 'shift', 'drain', 'extract');
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const fifo = new Fifo<number>();
      let model: number[] = [];
      for (const [index, operation] of operations.entries()) {
        if (operation === 'push') {
          fifo.push(index);
          model.push(index);
        } else if (operation === 'shift') {
          expect(fifo.shift()).toBe(model.shift());
        } else if (operation === 'drain') {
          expect(fifo.drain()).toEqual(model);
          model = [];
        } else {
          expect(fifo.extract((item) => item % 3 === 0)).toEqual(model.filter((item) => item % 3 === 0));
          model = model.filter((item) => item % 3 !== 0);
        }
        expect([fifo.size, fifo.peek(), ...fifo]).toEqual([model.length, model[0], ...model]);
      }
    }),
  );
});
