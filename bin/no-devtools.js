// Stands in for React's developer tools, which Ink imports only under DEV=true.
export default { connectToDevTools() {}, initialize() {} };
