// A private picture has a signed address: ?e=<epoch seconds>&s=<mac>, where the mac is the base64url
// of HMAC-SHA256(key, path + newline + e). The local engine's rule is devstack/edge/signatures.py;
// both are held to the same answers by tests/security/corpora/picture-addresses.json. No backquoted
// templates here: CloudFormation fills in the key.
import crypto from 'crypto';

var KEY = '{{resolve:secretsmanager:${ImageKey}:SecretString}}';
var PATH = /^\/group-images\/[A-Za-z0-9_\/-]+(\.[A-Za-z0-9_-]+)*$/;
var FORBIDDEN = {
  statusCode: 403,
  statusDescription: 'Forbidden',
  headers: { 'cache-control': { value: 'no-store' } }
};

function handler(event) {
  var request = event.request;
  var expiry = only(request.querystring.e);
  var mac = only(request.querystring.s);
  if (!PATH.test(request.uri) || !/^[0-9]{1,12}$/.test(expiry) || Number(expiry) < now()) {
    return FORBIDDEN;
  }
  var signed = crypto.createHmac('sha256', KEY).update(request.uri + '\n' + expiry);
  return equal(signed.digest('base64url'), mac) ? request : FORBIDDEN;
}

function now() {
  return Math.floor(Date.now() / 1000);
}

// The value of a parameter that stands in the address once; empty for all others.
function only(parameter) {
  return parameter && !parameter.multiValue ? parameter.value : '';
}

// As long for every wrong text, so that its time tells nothing about the right one.
function equal(right, given) {
  var different = right.length ^ given.length;
  for (var i = 0; i < right.length; i++) {
    different |= right.charCodeAt(i) ^ (given.charCodeAt(i) || 0);
  }
  return different === 0;
}
