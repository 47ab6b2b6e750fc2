# The dashboard with the runs that ship:
#   docker build -t answerdiff . && docker run --rm -p 127.0.0.1:8501:8501 answerdiff
FROM python:3.11-slim
WORKDIR /source
COPY . .
RUN pip install --no-cache-dir . && useradd --create-home reader
USER reader
WORKDIR /home/reader
# Inside the container only; `-p 127.0.0.1:...` above keeps it on this machine.
ENV STREAMLIT_SERVER_ADDRESS=0.0.0.0 STREAMLIT_SERVER_HEADLESS=true
EXPOSE 8501
CMD ["answerdiff"]
