import type { Level } from '@medseal/protocol';

/** Classes of health data. Each has the level that the PIE design (patient information exchange) gives it. */
export type DataClass =
  | 'medical-record'
  | 'admission'
  | 'prescription'
  | 'imaging'
  | 'lifelog'
  | 'clinical-trial-device'
  | 'medicine'
  | 'observation'
  | 'omics';

const levelByClass: Readonly<Record<DataClass, Level>> = {
  'medical-record': 'private',
  admission: 'private',
  prescription: 'private',
  imaging: 'private',
  lifelog: 'moderate',
  'clinical-trial-device': 'low',
  medicine: 'low',
  observation: 'low',
  omics: 'low',
};

/** @throws TypeError for a class that does not exist. */
export function levelOf(dataClass: DataClass): Level {
  if (!Object.hasOwn(levelByClass, dataClass)) throw new TypeError(`Unknown data class: ${dataClass}`);
  return levelByClass[dataClass];
}
