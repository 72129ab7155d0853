/** One object that an import makes, changes or removes. */
export interface ImportChange {
  readonly action: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly kind: 'GROUP' | 'ROLE' | 'PERMISSION' | 'CONFIGURATION';
  /** Id of the object; null for the switches. */
  readonly id: string | null;
  readonly name: string;
}

/** So many changes are told one by one. */
const mostTold = 1000;

/** What an import does, as it goes along. */
export class ImportChanges {
  readonly told: ImportChange[] = [];
  created = 0;
  updated = 0;
  deleted = 0;

  add(change: ImportChange): void {
    if (change.action === 'CREATE') this.created += 1;
    else if (change.action === 'UPDATE') this.updated += 1;
    else this.deleted += 1;
    if (this.told.length < mostTold) this.told.push(change);
  }
}
