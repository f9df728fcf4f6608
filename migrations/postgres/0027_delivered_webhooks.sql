-- For the last delivery to an endpoint, and for lists of one type of event. Those of one state have the indexes of 0025.
CREATE INDEX webhook_deliveries_delivered ON webhook_deliveries (endpoint, next_at) WHERE state = 'delivered';
CREATE INDEX webhook_deliveries_type ON webhook_deliveries (type, id);
