// What Grafana finds when it starts: where the figures are, and which dashboards there are.
import { yamlText } from '../stack/yaml-text.js';
import { at } from './places.js';

export const DATASOURCE = 'prometheus';

export const datasources = (): string =>
  yamlText('Written by clincher.', {
    apiVersion: 1,
    datasources: [
      {
        ...{ name: 'Prometheus', uid: DATASOURCE, type: 'prometheus', access: 'proxy' },
        ...{ url: `http://${at('prometheus')}`, isDefault: true, editable: false },
        jsonData: { timeInterval: '15s', httpMethod: 'POST' },
      },
    ],
  });

export const providers = (): string =>
  yamlText(
    'Written by clincher. What is changed in the browser is not kept: copy a dashboard to change it.',
    {
      apiVersion: 1,
      providers: [
        {
          ...{ name: 'clincher', type: 'file', disableDeletion: true, allowUiUpdates: false },
          updateIntervalSeconds: 30,
          options: { path: '/etc/grafana/provisioning/shown' },
        },
      ],
    },
  );
