import 'reflect-metadata';
import '#test/support/all-entities';
import { GroupEntity } from '#src/features/groups/group.entity';
import { type GroupClosureEntity } from '#src/features/groups/nesting/group-closure.entity';
import * as closure from '#src/features/groups/nesting/closure.repository';
import { computeClosure } from '#src/features/groups/nesting/compute-closure';
import { sql } from '#src/storage/sql';
import { eachDatabase } from '#test/support/databases';

eachDatabase('the closure of nested groups', (database) => {
  test('is after any changes what the edges say', async () => {
    const storage = await database.open();
    const ids = Array.from({ length: 12 }, (_, at) => `grp_${String(at).padStart(2, '0')}`);
    await storage.open().transaction(async (store) => {
      await store.insert(
        GroupEntity,
        ids.map((id) => ({
          id,
          name: id,
          nameFolded: id,
          description: id,
          organizationId: null,
          createdAt: 0,
          updatedAt: 0,
        })),
      );
      await closure.insertSelf(store, ids);
    });
    let seed = 20;
    const next = (most: number): number => (seed = (seed * 48_271) % 2_147_483_647) % most;
    const edges: closure.Edge[] = [];
    for (let round = 0; round < 120; round += 1) {
      await storage.open().transaction(async (store) => {
        if (next(3) === 0 && edges.length > 0) {
          const [gone] = edges.splice(next(edges.length), 1) as [closure.Edge];
          await closure.deleteEdges(store, [gone]);
          await closure.rebuildAbove(store, gone.childId);
          return;
        }
        const edge = { parentId: ids[next(12)] as string, childId: ids[next(12)] as string };
        const isCycle = (await closure.findBelow(store, edge.childId, [edge.parentId])).length > 0;
        expect(isCycle).toBe(computeClosure(ids, [...edges, edge]).cycle !== null);
        if (isCycle || (await closure.insertEdges(store, [edge])) === 0) return;
        edges.push(edge);
        await closure.rebuildAbove(store, edge.childId);
      });
      if (round % 10 > 0) continue;
      const store = storage.open();
      const stored = await store.query<GroupClosureEntity>(
        sql`SELECT ancestor_id AS "ancestorId", descendant_id AS "descendantId", depth FROM group_closure`,
        { ancestorId: 'text', descendantId: 'text', depth: 'integer' },
      );
      const key = ({ ancestorId, descendantId, depth }: GroupClosureEntity): string =>
        `${ancestorId} ${descendantId} ${depth}`;
      expect(stored.map(key).sort()).toEqual(computeClosure(ids, edges).pairs.map(key).sort());
    }
    expect(edges.length).toBeGreaterThan(10);
  });
});
