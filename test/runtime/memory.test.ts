import assert from "node:assert/strict";
import fc from "fast-check";
import { jit, type NDArray, Pool, prange, zeros } from "hotcell";
import { FreeList, type Stretch } from "../../kernel-lib/dist/runtime/free-list.js";
import { heap } from "../../kernel-lib/dist/runtime/heap.js";
import { addressOf, allocate, isInHeap } from "../../kernel-lib/dist/runtime/memory.js";

/** A memory that can grow, and where it ends. */
function endless(): { readonly list: FreeList; readonly end: number } {
  let end = 64;
  const list = new FreeList((size) => {
    const offset = end;
    end += size;
    return { offset, size };
  });
  return {
    list,
    get end() {
      return end;
    },
  };
}

/** Takes stretches of these sizes, and gives one back now and then. */
function use(list: FreeList, sizes: readonly number[], dice: fc.Stream<number>): Stretch[] {
  const held: Stretch[] = [];
  for (const size of sizes) {
    const got = list.take(size)!;
    assert.ok(got.offset % 64 === 0 && got.size >= size);
    for (const other of held) {
      assert.ok(
        other.offset + other.size <= got.offset || got.offset + got.size <= other.offset,
        `${JSON.stringify(other)} and ${JSON.stringify(got)}`,
      );
    }
    held.push(got);
    const die = Number(dice.next().value);
    if (die % 3 === 0) list.give(held.splice(die % held.length, 1)[0]!);
  }
  return held;
}

describe("a list of free memory", () => {
  const large = fc.integer({ min: 4097, max: 400_000 });
  const sizes = fc.array(fc.oneof(fc.nat(300), large), { maxLength: 60 });

  it("never gives two holders the same byte", () => {
    fc.assert(
      fc.property(sizes, fc.infiniteStream(fc.nat()), (bytes, dice) => {
        use(endless().list, bytes, dice);
      }),
    );
  });

  it("makes one stretch again of all that came back", () => {
    fc.assert(
      fc.property(
        fc.array(large, { minLength: 1, maxLength: 60 }),
        fc.infiniteStream(fc.nat()),
        (bytes, dice) => {
          const made = endless();
          const { list, end: begin } = made;
          for (const each of use(list, bytes, dice)) list.give(each);
          const { end } = made;
          assert.deepEqual(list.take(end - begin), { offset: begin, size: end - begin });
          assert.equal(made.end, end);
        },
      ),
    );
  });

  it("says when there is no more", () => {
    assert.equal(new FreeList(() => undefined).take(100), undefined);
  });
});

describe("the shared memory", () => {
  it("leaves what was made before it grew valid", () => {
    const small = zeros(10);
    small.set(7, 3);
    // more than all there is, whatever ran before
    const large = zeros(heap().memory.buffer.byteLength / 8);
    assert.ok(large.data.buffer.byteLength > small.data.buffer.byteLength);
    assert.equal(small.at(3), 7);
  });

  it("gives memory anew only when nobody holds any view of it", () => {
    const views: Float64Array[] = [];
    for (let i = 0; i < 20; i++) {
      const made = zeros(1_000_000);
      made.data.fill(i);
      // the array and its data go, a part of the numbers stays
      views.push(made.data.subarray(500_000, 500_010));
    }
    for (let i = 0; i < 100; i++) zeros(1_000_000).data.fill(-1);
    assert.deepEqual(
      views.map((view) => view[5]),
      views.map((_, i) => i),
    );
  });

  it("doesn't grow when an array is defined anew 200 times in one cell", () => {
    const before = heap().memory.buffer.byteLength;
    let a = zeros(1_000_000);
    for (let i = 0; i < 200; i++) {
      a.data[i] = 1;
      a = zeros(1_000_000);
    }
    // 1.6 GB in all; what is in use, as much again, and 64 MiB until garbage is looked for
    const grown = heap().memory.buffer.byteLength - before;
    assert.ok(grown < 600e6, `${grown}`);
  });

  it("gives zeros also where something else stood", () => {
    for (let i = 0; i < 50; i++) {
      const { data } = zeros(500_000);
      assert.ok(data.every((x) => x === 0));
      data.fill(NaN);
    }
  });

  it("knows its buffers, also those that come from another thread", async () => {
    const { buffer } = allocate(100);
    assert.ok(isInHeap(buffer));
    assert.ok(isInHeap(structuredClone(buffer)));
    assert.ok(!isInHeap(new SharedArrayBuffer(2 ** 17)));
    assert.equal(addressOf(new Float64Array(9)), undefined);
    const one = new Pool({ threads: 1 });
    const [made] = await one.map(() => zeros(3), [0]);
    assert.ok(!isInHeap(made!.data.buffer as SharedArrayBuffer));
    await one.close();
  });

  it("stays with an array that a worker sent back, when the one that went out is gone", async () => {
    const one = new Pool({ threads: 1 });
    const back = await one.map(
      (row) => ({ deep: [row] }),
      [0, 1].map((i) => {
        const row = zeros(100_000);
        row.data.fill(i + 1);
        return row;
      }),
    );
    for (let i = 0; i < 300; i++) zeros(100_000).data.fill(-1);
    assert.deepEqual(
      back.map(({ deep: [row] }) => row!.data.every((x) => x === row!.data[0]) && row!.at(0)),
      [1, 2],
    );
    await one.close();
  });

  it("is what kernels in workers write to, each its own part of one array", async () => {
    const two = new Pool({ threads: 2 });
    const table = zeros([8, 1000]);
    await two.map(
      (row) => {
        const fill = jit((a: NDArray, row: number) => {
          for (const i of prange(1000)) a.set(a.at(row, i) + row, row, i);
        });
        for (let k = 0; k < 50; k++) fill(table, row);
      },
      [0, 1, 2, 3, 4, 5, 6, 7],
      { chunkSize: 1 },
    );
    assert.ok(table.data.every((x, i) => x === 50 * Math.floor(i / 1000)));
    await two.close();
  });

  it("outlives the worker whose kernel made an array", async () => {
    const one = new Pool({ threads: 1 });
    const made = await one.map(
      (x) =>
        jit((x: number) => {
          const a = zeros(5000);
          for (const i of prange(5000)) a.set(x + i, i);
          return a;
        })(x),
      [1, 2, 3],
    );
    await one.close();
    for (let i = 0; i < 20; i++) zeros(5000).data.fill(-1);
    assert.deepEqual(
      made.map((a, k) => a.data.every((x, i) => x === k + 1 + i)),
      [true, true, true],
    );
  });
});
