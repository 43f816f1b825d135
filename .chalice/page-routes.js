// The page is one document that finds its own way: an address without a file name is answered
// with it. CloudFront's error pages would do the same, but would hide the API's 404s as well.
function handler(event) {
  var request = event.request;
  if (!/\.[A-Za-z0-9]+$/.test(request.uri)) {
    request.uri = '/index.html';
  }
  return request;
}
