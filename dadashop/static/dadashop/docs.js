SwaggerUIBundle({ url: "/v1/openapi.json", domNode: document.getElementById("viewer"), deepLinking: true });
