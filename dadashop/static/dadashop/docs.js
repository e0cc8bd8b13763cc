document.documentElement.classList.toggle("dark-mode", matchMedia("(prefers-color-scheme: dark)").matches);
SwaggerUIBundle({ url: "/v1/openapi.json", domNode: document.getElementById("viewer"), deepLinking: true });
