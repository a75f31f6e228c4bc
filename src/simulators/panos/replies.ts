/** The envelopes of the XML API, with the quoting and the HTTP status that devices were seen to use. */
import { cdata, element, type Xml, type XmlContent } from './xml.ts';

/** What goes back over HTTP. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
}

/** `<response status="success"><result>…</result></response>` */
export function success(...result: readonly XmlContent[]): Reply {
  return xmlReply(200, `<response status="success">${element('result', ...result).toString()}</response>`);
}

/** The form of key generation: single quotes and spaces round `=` (recorded on 11.0.6-h1). */
export function successSpaced(result: Xml): Reply {
  return xmlReply(200, `<response status = 'success'>${element('result', result).toString()}</response>`);
}

/** The form of `check pending-changes`: single quotes without spaces. */
export function successSingleQuoted(result: string): Reply {
  return xmlReply(200, `<response status='success'>${element('result', result).toString()}</response>`);
}

/** A finished document of another shape than the usual envelope. */
export function document(body: string): Reply {
  return xmlReply(200, body);
}

/** The form of `show object dynamic-address-group`: the root says what kind of command it answers. */
export function successOfStatus(...result: readonly XmlContent[]): Reply {
  return xmlReply(200, `<response cmd="status" status="success">${element('result', ...result).toString()}</response>`);
}

/** A job that was accepted: code 19, with its number in the text and beside it. */
export function enqueued(what: string, job: number): Reply {
  const result = element(
    'result',
    element('msg', element('line', `${what} job enqueued with jobid ${job}`)),
    element('job', job),
  );
  return xmlReply(200, `<response status="success" code="19">${result.toString()}</response>`);
}

/** A change of the configuration that was taken: code 20. */
export function commandSucceeded(): Reply {
  return xmlReply(
    200,
    `<response status="success" code="20">${element('msg', 'command succeeded').toString()}</response>`,
  );
}

/** A read or a delete of what is not there: success, with code 7. */
export function objectMissing(): Reply {
  return xmlReply(200, '<response status="success" code="7"><result/></response>');
}

/** A commit without anything to commit: code 19, but no job. */
export function nothingToCommit(): Reply {
  const message = element('msg', 'There are no changes to commit.');
  return xmlReply(200, `<response status="success" code="19">${message.toString()}</response>`);
}

/** An API error without a code, as several were recorded. */
export function failureWithoutCode(...line: readonly XmlContent[]): Reply {
  return xmlReply(200, `<response status="error">${element('msg', element('line', ...line)).toString()}</response>`);
}

/** An API error with its text in `msg/line`. HTTP 200: only credentials and roles change the HTTP status. */
export function failure(code: number, ...line: readonly XmlContent[]): Reply {
  const message = element('msg', element('line', ...line));
  return xmlReply(200, `<response status="error" code="${code}">${message.toString()}</response>`);
}

/** An error of the web server in front of the API: another quoting, text in `result/msg`, HTTP status = code. */
export function refusal(status: number, text: string): Reply {
  const message = element('result', element('msg', text));
  return xmlReply(status, `<response status = 'error' code = '${status}'>${message.toString()}</response>`);
}

/** Wrong user, password or key; recorded with HTTP 403. */
export function invalidCredential(): Reply {
  return refusal(403, 'Invalid Credential');
}

/** A valid key while a commit swaps the management plane's configuration; recorded with HTTP 403 and no code. */
export function notAuthorizedDuringCommit(type: string): Reply {
  const line = element('line', `Type [${type}] not authorized for user role`);
  return xmlReply(403, `<response status="error">${element('msg', line).toString()}</response>`);
}

/** An expired key or session: a third status value, recorded with HTTP 200. */
export function sessionTimedOut(): Reply {
  const line = element('line', 'Session timed out');
  return xmlReply(200, `<response status="unauth" code="22">${element('msg', line).toString()}</response>`);
}

/** A command that the device does not know: the words up to the first unknown one. */
export function unexpectedCommand(words: readonly string[]): Reply {
  return failure(17, cdata(` ${words.join(' -> ')}  is unexpected`));
}

/** A known command with an argument that it does not take. */
export function invalidArgument(words: readonly string[], value: string): Reply {
  return failure(17, cdata(` ${words.join(' -> ')} '${value}' is not a valid value`));
}

function xmlReply(status: number, body: string): Reply {
  return { status, body, contentType: 'application/xml; charset=UTF-8' };
}
