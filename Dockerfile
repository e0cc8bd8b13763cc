# One image for the web, the workers and beat; compose.yaml says which is which.
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DADASHOP_DEBUG=0 DADASHOP_DATA_DIR=/data
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY manage.py ./
COPY dadashop dadashop
COPY verifications verifications

# Beat keeps its clock in /data; nothing else is written.
RUN useradd --system --no-create-home dadashop && install --directory --owner=dadashop /data
USER dadashop
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--http", "1", "--no-ws", \
     "--http1-header-read-timeout", "5000", "--workers", "2", "--blocking-threads", "4", \
     "--host", "0.0.0.0", "--port", "8000", "--log-config", "dadashop/granian.json", \
     "dadashop.wsgi:application"]
