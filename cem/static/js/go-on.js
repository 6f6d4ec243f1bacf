// What takes long is done in parts: the page asks for the next one by itself.
document.querySelector('form[data-go-on]')?.requestSubmit();
