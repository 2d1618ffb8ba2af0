// Failures as payloads, so that the codec encrypts messages and stack traces too. CommonJS: the SDK requires it by path.
const { DefaultFailureConverter } = require('@temporalio/common');

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
